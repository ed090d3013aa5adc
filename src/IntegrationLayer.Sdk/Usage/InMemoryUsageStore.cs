namespace IntegrationLayer.Sdk.Usage;

/// <summary>Keeps the latest records in this process; the oldest make room.</summary>
internal sealed class InMemoryUsageStore(int capacity, TimeProvider timeProvider) : IUsageStore, IUsageAnalytics
{
    private readonly UsageRecord?[] _records = new UsageRecord?[capacity];
    private long _appended;

    /// <summary>Gets how many records it keeps.</summary>
    public int Capacity => _records.Length;

    public void Append(UsageRecord record)
    {
        long index = Interlocked.Increment(ref _appended) - 1;
        Volatile.Write(ref _records[index % _records.Length], record);
    }

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        try
        {
            var report = new UsageReportBuilder(query);
            for (int i = 0; i < _records.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Volatile.Read(ref _records[i]) is { } record)
                {
                    report.Add(record);
                }
            }

            return Task.FromResult(report.Build(timeProvider.GetUtcNow()));
        }
        catch (Exception e)
        {
            return Task.FromException<UsageReport>(e);
        }
    }
}
