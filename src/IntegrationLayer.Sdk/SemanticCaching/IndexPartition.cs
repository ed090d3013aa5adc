namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>The entries of one partition: compared one by one while they are few, by a graph when they are many.</summary>
/// <param name="dimensions">The vectors' number of dimensions.</param>
internal sealed class IndexPartition(int dimensions)
{
    // Up to here, comparing all is as fast as walking a graph, and misses nothing. The graph is begun halfway and catches up, so that no entry pays for all.
    private const int LargestScan = 2_000;
    private const int FirstGraph = LargestScan / 2;
    private const int LinkedAtOnce = 3;

    // The breadth of a search: wider the more there is to miss.
    private const int NarrowBreadth = 160;
    private const int WideBreadth = 384;
    private const int WideFrom = 20_000;

    private readonly QuantizedVectors _vectors = new(dimensions);
    private readonly List<SemanticEntry?> _entries = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = [];
    private readonly GraphWalk _walkOfChange = new();
    private VectorGraph? _graph;

    /// <summary>Gets the number of dimensions.</summary>
    public int Dimensions => dimensions;

    /// <summary>Gets the number of entries.</summary>
    public int Count => _places.Count;

    /// <summary>Gets the bytes that an entry's vector and links take.</summary>
    public int BytesPerEntry => _vectors.BytesPerVector + (_graph is null ? 0 : VectorGraph.BytesPerVector);

    /// <summary>Gets an entry; <see langword="null"/> if it isn't there.</summary>
    public SemanticEntry? Find(string id) => _places.TryGetValue(id, out int place) ? _entries[place] : null;

    /// <summary>Adds an entry that isn't there.</summary>
    public void Add(SemanticEntry entry, ReadOnlySpan<float> vector)
    {
        if (!_free.TryPop(out int place))
        {
            place = _entries.Count;
            _entries.Add(null);
        }

        _vectors.Set(place, _vectors.Quantize(vector));
        _entries[place] = entry;
        _places.Add(entry.Id, place);
        if (_entries.Count > FirstGraph)
        {
            Link(place);
        }
    }

    /// <summary>Takes an entry out. Its vector stays where it is, for walks to pass by, until another takes the place.</summary>
    public void Remove(string id)
    {
        if (_places.Remove(id, out int place))
        {
            _entries[place] = null;
            _free.Push(place);
        }
    }

    /// <summary>Finds the nearest entries whose time isn't over, the nearest first.</summary>
    public SemanticMatch[] Search(ReadOnlySpan<float> vector, int count, DateTimeOffset now, GraphWalk walk)
    {
        QuantizedVector asked = _vectors.Quantize(vector);
        if (_graph is null || _graph.Count < _entries.Count)
        {
            return Scan(asked, count, now);
        }

        int breadth = Math.Max(count, _entries.Count >= WideFrom ? WideBreadth : NarrowBreadth);
        _graph.Search(asked, breadth, walk);
        var found = new List<SemanticMatch>(count);
        foreach ((float similarity, int place) in walk.Nearest())
        {
            if (_entries[place] is { } entry && entry.ExpiresAt > now)
            {
                found.Add(new SemanticMatch(entry, similarity));
                if (found.Count == count)
                {
                    break;
                }
            }
        }

        return [.. found];
    }

    private void Link(int place)
    {
        _graph ??= new VectorGraph(_vectors);
        if (place < _graph.Count)
        {
            _graph.Link(place, _walkOfChange);
        }

        for (int i = 0; i < LinkedAtOnce && _graph.Count < _entries.Count; i++)
        {
            _graph.Link(_graph.Count, _walkOfChange);
        }
    }

    private SemanticMatch[] Scan(in QuantizedVector asked, int count, DateTimeOffset now)
    {
        var nearest = new PriorityQueue<SemanticEntry, float>(count + 1);
        for (int place = 0; place < _entries.Count; place++)
        {
            if (_entries[place] is not { } entry || entry.ExpiresAt <= now)
            {
                continue;
            }

            float similarity = _vectors.Similarity(asked, place);
            if (nearest.Count < count)
            {
                nearest.Enqueue(entry, similarity);
            }
            else if (nearest.TryPeek(out _, out float farthest) && similarity > farthest)
            {
                nearest.EnqueueDequeue(entry, similarity);
            }
        }

        var matches = new SemanticMatch[nearest.Count];
        for (int i = matches.Length - 1; nearest.TryDequeue(out SemanticEntry? entry, out float similarity); i--)
        {
            matches[i] = new SemanticMatch(entry, similarity);
        }

        return matches;
    }
}
