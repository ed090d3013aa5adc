using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>A database in memory that fails or stands still when it is told to.</summary>
internal sealed class FakeDatabase : IUsageDatabase
{
    private readonly Dictionary<Guid, long> _taken = [];

    /// <summary>What it has taken, in order.</summary>
    public List<UsageRecord> Records { get; } = [];

    public List<Guid> Forgotten { get; } = [];

    public List<KeptTimes> Prunings { get; } = [];

    /// <summary>What happens before a batch is taken.</summary>
    public Func<CancellationToken, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens after a batch was taken, as when the connection breaks before the answer.</summary>
    public Action AfterWrite { get; set; } = () => { };

    public Func<Task> OnOpen { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnForget { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnPrune { get; set; } = () => Task.CompletedTask;

    public Task OpenAsync(CancellationToken cancellationToken) => OnOpen();

    public async Task WriteAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        await BeforeWrite(cancellationToken);
        lock (_taken)
        {
            Records.AddRange(batch.After(_taken.GetValueOrDefault(batch.Writer)).Select(entry => entry.Record));
            _taken[batch.Writer] = Math.Max(_taken.GetValueOrDefault(batch.Writer), batch.LastSequence);
        }

        AfterWrite();
    }

    public async Task ForgetAsync(Guid writer, CancellationToken cancellationToken)
    {
        await OnForget();
        lock (_taken)
        {
            Forgotten.Add(writer);
            _taken.Remove(writer);
        }
    }

    public Task PruneAsync(KeptTimes keepFrom, CancellationToken cancellationToken)
    {
        Prunings.Add(keepFrom);
        return OnPrune();
    }

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        UsageReportBuilder report = new(query);
        lock (_taken)
        {
            Records.ForEach(report.Add);
        }

        return Task.FromResult(report.Build(query.To));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
