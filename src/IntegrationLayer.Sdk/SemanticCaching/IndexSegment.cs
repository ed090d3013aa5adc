namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Entries that were added one after the other: compared one by one while they are few, by a graph when they are many.</summary>
/// <param name="dimensions">The vectors' number of dimensions.</param>
internal sealed class IndexSegment(int dimensions)
{
    // Up to here, comparing all is as fast as walking a graph, and misses nothing. The graph is begun halfway and catches up, so that no entry pays for all.
    private const int LargestScan = 2_000;
    private const int FirstGraph = LargestScan / 2;
    private const int LinkedAtOnce = 3;

    // How many near ones a search keeps in sight.
    private const int NarrowBreadth = 200;
    private const int WideBreadth = 256;
    private const int WideFrom = 12_000;

    private readonly QuantizedVectors _vectors = new(dimensions);
    private readonly List<SemanticEntry?> _entries = [];
    private VectorGraph? _graph;

    /// <summary>Gets the number of places, those of entries that were taken out included.</summary>
    public int Places => _entries.Count;

    /// <summary>Gets the number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the bytes that an entry's vector and links take.</summary>
    public int BytesPerEntry => _vectors.BytesPerVector + (_graph is null ? 0 : VectorGraph.BytesPerVector);

    /// <summary>Gets the entry at a place; <see langword="null"/> if it was taken out.</summary>
    public SemanticEntry? this[int place] => _entries[place];

    /// <summary>Gets the vector at a place.</summary>
    public QuantizedVector VectorAt(int place) => _vectors.Get(place);

    /// <summary>Makes a vector to search for.</summary>
    public QuantizedVector Quantize(ReadOnlySpan<float> vector) => _vectors.Quantize(vector);

    /// <summary>Adds an entry.</summary>
    /// <returns>Its place.</returns>
    public int Add(SemanticEntry entry, in QuantizedVector vector, GraphWalk walk)
    {
        int place = _entries.Count;
        _vectors.Set(place, vector);
        _entries.Add(entry);
        Count++;
        if (place >= FirstGraph)
        {
            _graph ??= new VectorGraph(_vectors);
            for (int i = 0; i < LinkedAtOnce && _graph.Count < _entries.Count; i++)
            {
                _graph.LinkNext(walk);
            }
        }

        return place;
    }

    /// <summary>Takes an entry out. Its vector stays, for walks to pass by.</summary>
    public void Remove(int place)
    {
        _entries[place] = null;
        Count--;
    }

    /// <summary>Finds the nearest entries whose time isn't over.</summary>
    /// <param name="asked">What to look for.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="now">The time.</param>
    /// <param name="walk">The memory of the search.</param>
    /// <param name="matches">Takes what is found.</param>
    public void Search(in QuantizedVector asked, int count, DateTimeOffset now, GraphWalk walk, List<SemanticMatch> matches)
    {
        if (_graph is null || _graph.Count < _entries.Count)
        {
            Scan(asked, count, now, walk);
        }
        else
        {
            _graph.Search(asked, Math.Max(count, _entries.Count >= WideFrom ? WideBreadth : NarrowBreadth), walk);
        }

        foreach ((float similarity, int place) in walk.Nearest())
        {
            if (_entries[place] is { } entry && entry.ExpiresAt > now && count-- > 0)
            {
                matches.Add(new SemanticMatch(entry, similarity));
            }
        }
    }

    private void Scan(in QuantizedVector asked, int count, DateTimeOffset now, GraphWalk walk)
    {
        walk.Start(0, count);
        for (int place = 0; place < _entries.Count; place++)
        {
            if (_entries[place] is { } entry && entry.ExpiresAt > now)
            {
                walk.Keep(place, _vectors.Similarity(asked, place));
            }
        }
    }
}
