namespace IntegrationLayer.Sdk.Usage;

/// <summary>Keeps the latest records in this process; the oldest make room.</summary>
/// <remarks>
/// The records are kept as values in a ring: one a request, made and collected as objects, would be moved by the garbage collector more than
/// anything else the SDK keeps. Neighbours lie in different segments, so that requests that end at the same time don't wait for each other.
/// </remarks>
internal sealed class InMemoryUsageStore : IUsageStore, IUsageAnalytics
{
    private const int MostSegments = 16;

    private readonly UsageSegment[] _segments;
    private readonly TimeProvider _timeProvider;
    private long _appended = -1;

    public InMemoryUsageStore(int capacity, TimeProvider timeProvider)
    {
        Capacity = capacity;
        _timeProvider = timeProvider;
        int count = Math.Min(capacity, MostSegments);
        _segments = new UsageSegment[count];
        for (int i = 0; i < count; i++)
        {
            _segments[i] = new UsageSegment((capacity / count) + (i < capacity % count ? 1 : 0));
        }
    }

    /// <summary>Gets how many records it keeps.</summary>
    public int Capacity { get; }

    public void Append(UsageRecord record) => Append(record.Fields);

    public void Append(in UsageFields fields)
    {
        long place = Interlocked.Increment(ref _appended) % Capacity;
        _segments[place % _segments.Length].Write((int)(place / _segments.Length), fields);
    }

    public Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        try
        {
            var report = new UsageReportBuilder(query);
            foreach (UsageSegment segment in _segments)
            {
                cancellationToken.ThrowIfCancellationRequested();
                segment.AddTo(report);
            }

            return Task.FromResult(report.Build(_timeProvider.GetUtcNow()));
        }
        catch (Exception e)
        {
            return Task.FromException<UsageReport>(e);
        }
    }
}
