namespace IntegrationLayer.Sdk.TestSupport.Processes;

/// <summary>Keeps the last lines that a process wrote. Safe for concurrent use.</summary>
/// <param name="capacity">How many lines are kept; the oldest is dropped first.</param>
public sealed class OutputBuffer(int capacity = 200)
{
    private const int LongestLine = 1_000;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    /// <summary>Adds a line, cut to 1,000 characters. Empty lines are dropped.</summary>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] : line);
            if (_lines.Count > capacity)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>The lines kept, oldest first.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }
}
