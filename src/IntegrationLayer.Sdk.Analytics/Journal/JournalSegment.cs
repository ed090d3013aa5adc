namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>One file of a journal. Frames are only ever added at its end.</summary>
/// <param name="path">The file.</param>
internal sealed class JournalSegment(string path)
{
    /// <summary>How long a segment becomes before the next one begins; the longest frame too.</summary>
    public const int MaxLength = 16 << 20;

    /// <summary>What the names of segments end in.</summary>
    public const string Extension = ".log";

    private long _length;
    private volatile bool _isClosed;

    public string Path { get; } = path;

    /// <summary>Gets how much of the file can be read.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Gets the sequence number of the last frame in it, as far as it was written by this process.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Gets a value indicating whether nothing will be added to it any more.</summary>
    public bool IsClosed => _isClosed;

    public static string NameOf(long number) => $"{number:D10}{Extension}";

    /// <summary>Gets a segment that another process has left.</summary>
    public static JournalSegment Left(string path)
    {
        var segment = new JournalSegment(path);
        segment.Grow(new FileInfo(path).Length, 0);
        segment.Close();
        return segment;
    }

    public void Grow(long bytes, long lastSequence)
    {
        LastSequence = lastSequence;
        Volatile.Write(ref _length, _length + bytes);
    }

    public void Close() => _isClosed = true;
}
