namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>The entries of one partition, in segments: those of a new segment take the place of those of an old one as the old are taken out.</summary>
/// <param name="dimensions">The vectors' number of dimensions.</param>
internal sealed class IndexPartition(int dimensions)
{
    // A search looks through each segment: few large ones are faster than many small ones, and slower to take out of.
    private const int LargestSegment = 32_000;

    // From when on a segment with gaps takes no more entries, and from when on those that it has are moved.
    private const double GapsToClose = 0.33;
    private const double GapsToEmpty = 0.75;
    private const int FewPlaces = 1_000;
    private const int MovedAtOnce = 4;

    private readonly List<IndexSegment> _segments = [new(dimensions)];
    private readonly Dictionary<string, (IndexSegment Segment, int Place)> _places = new(StringComparer.Ordinal);
    private readonly GraphWalk _walkOfChange = new();
    private int _movedUpTo;

    /// <summary>Gets the number of dimensions.</summary>
    public int Dimensions => dimensions;

    /// <summary>Gets the number of entries.</summary>
    public int Count => _places.Count;

    /// <summary>Gets the bytes that an entry's vector and links take.</summary>
    public int BytesPerEntry => _segments[^1].BytesPerEntry;

    /// <summary>Adds an entry that isn't there.</summary>
    public void Add(SemanticEntry entry, ReadOnlySpan<float> vector)
    {
        Append(entry, _segments[^1].Quantize(vector));
        MoveSome();
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(string id)
    {
        if (_places.Remove(id, out (IndexSegment Segment, int Place) at))
        {
            at.Segment.Remove(at.Place);
        }
    }

    /// <summary>Finds the nearest entries whose time isn't over, the nearest first.</summary>
    public List<SemanticMatch> Search(ReadOnlySpan<float> vector, int count, DateTimeOffset now, GraphWalk walk)
    {
        var matches = new List<SemanticMatch>(count);
        QuantizedVector asked = _segments[^1].Quantize(vector);
        foreach (IndexSegment segment in _segments)
        {
            segment.Search(asked, count, now, walk, matches);
        }

        if (_segments.Count > 1)
        {
            matches.Sort(static (a, b) => b.Similarity.CompareTo(a.Similarity));
            matches.RemoveRange(Math.Min(count, matches.Count), Math.Max(0, matches.Count - count));
        }

        return matches;
    }

    private static bool HasGaps(IndexSegment segment, double share) => segment.Places > FewPlaces && segment.Count < segment.Places * (1 - share);

    private void Append(SemanticEntry entry, in QuantizedVector vector)
    {
        if (_segments[^1].Places >= LargestSegment || HasGaps(_segments[^1], GapsToClose))
        {
            _segments.Add(new IndexSegment(dimensions));
        }

        IndexSegment segment = _segments[^1];
        _places[entry.Id] = (segment, segment.Add(entry, vector, _walkOfChange));
    }

    // The oldest segment is emptied first; a few at a time, so that no entry pays for all.
    private void MoveSome()
    {
        IndexSegment oldest = _segments[0];
        if (_segments.Count == 1 || !HasGaps(oldest, GapsToEmpty))
        {
            return;
        }

        for (int moved = 0; moved < MovedAtOnce && _movedUpTo < oldest.Places; _movedUpTo++)
        {
            if (oldest[_movedUpTo] is { } entry)
            {
                oldest.Remove(_movedUpTo);
                Append(entry, oldest.VectorAt(_movedUpTo));
                moved++;
            }
        }

        if (oldest.Count == 0)
        {
            _segments.RemoveAt(0);
            _movedUpTo = 0;
        }
    }
}
