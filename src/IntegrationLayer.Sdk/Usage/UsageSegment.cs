namespace IntegrationLayer.Sdk.Usage;

/// <summary>A part of the ring of <see cref="InMemoryUsageStore"/>, with a lock of its own.</summary>
internal sealed class UsageSegment(int capacity)
{
    private readonly Lock _gate = new();

    // Made with the first record: many a process starts an SDK and never asks anything.
    private UsageFields[]? _records;

    public void Write(int place, in UsageFields fields)
    {
        lock (_gate)
        {
            (_records ??= new UsageFields[capacity])[place] = fields;
        }
    }

    public void AddTo(UsageReportBuilder report)
    {
        for (int i = 0; i < capacity; i++)
        {
            UsageFields fields;
            lock (_gate)
            {
                if (_records is null)
                {
                    return;
                }

                fields = _records[i];
            }

            // A place that was never written to.
            if (fields.RequestId is not null)
            {
                report.Add(UsageRecord.Of(fields));
            }
        }
    }
}
