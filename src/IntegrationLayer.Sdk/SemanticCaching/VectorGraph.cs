namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>
/// A graph of vectors, each linked with some of its nearest: a search walks along the links towards what it looks for and sees a
/// small part of all.
/// </summary>
/// <remarks>
/// A navigable small world (Malkov et al. 2014) with the choice of links of HNSW (Malkov and Yashunin 2018), without its hierarchy, which
/// brings nothing in many dimensions (Munyampirwa et al. 2024): the way in is the best of a sample. It only grows: taking vectors out would
/// break the ways to others. Not safe for concurrent use while it is changed.
/// </remarks>
/// <param name="vectors">The vectors, by place.</param>
internal sealed class VectorGraph(QuantizedVectors vectors)
{
    /// <summary>How many links a vector has at most.</summary>
    public const int MostLinks = 64;

    // How many a new one makes itself: as many come to it from others.
    private const int OwnLinks = MostLinks / 2;
    private const int BreadthOfInsertion = 150;
    private const int WaysIn = 128;

    private int[] _links = [];
    private byte[] _counts = [];

    /// <summary>Gets the number of places that are linked.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the bytes that the links of a vector take.</summary>
    public static int BytesPerVector => (MostLinks * sizeof(int)) + 1;

    /// <summary>Finds near vectors.</summary>
    /// <param name="vector">What to look for.</param>
    /// <param name="breadth">How many near ones to keep in sight: the more, the fewer are missed.</param>
    /// <param name="walk">What was seen; its <see cref="GraphWalk.Nearest"/> holds up to <paramref name="breadth"/> places.</param>
    public void Search(in QuantizedVector vector, int breadth, GraphWalk walk)
    {
        walk.Start(Count, breadth);
        int step = Math.Max(1, Count / WaysIn);
        int way = -1;
        float best = float.NegativeInfinity;
        for (int i = 0; i < Count; i += step)
        {
            float similarity = vectors.Similarity(vector, i);
            if (similarity > best)
            {
                best = similarity;
                way = i;
            }
        }

        if (way >= 0 && walk.See(way))
        {
            walk.Keep(way, best);
        }

        while (walk.TryNext(out int place))
        {
            foreach (int linked in LinksOf(place))
            {
                if (walk.See(linked))
                {
                    walk.Keep(linked, vectors.Similarity(vector, linked));
                }
            }
        }
    }

    /// <summary>Links the next vector after the last.</summary>
    public void LinkNext(GraphWalk walk)
    {
        int place = Count;
        Grow(place + 1);
        Search(vectors.Get(place), BreadthOfInsertion, walk);
        Count++;
        List<int> chosen = Choose(walk.Nearest(), OwnLinks);
        SetLinks(place, chosen);
        foreach (int other in chosen)
        {
            LinkBack(other, place);
        }
    }

    private Span<int> LinksOf(int place) => _links.AsSpan(place * MostLinks, _counts[place]);

    private void Grow(int count)
    {
        if (count > _counts.Length)
        {
            int capacity = Math.Max(count, _counts.Length * 2);
            Array.Resize(ref _links, capacity * MostLinks);
            Array.Resize(ref _counts, capacity);
        }
    }

    private void SetLinks(int place, List<int> links)
    {
        for (int i = 0; i < links.Count; i++)
        {
            _links[(place * MostLinks) + i] = links[i];
        }

        _counts[place] = (byte)links.Count;
    }

    private void LinkBack(int place, int other)
    {
        Span<int> links = LinksOf(place);
        if (links.Length < MostLinks)
        {
            _links[(place * MostLinks) + links.Length] = other;
            _counts[place]++;
            return;
        }

        var candidates = new List<(float Similarity, int Place)>(MostLinks + 1) { (vectors.Similarity(place, other), other) };
        foreach (int linked in links)
        {
            candidates.Add((vectors.Similarity(place, linked), linked));
        }

        candidates.Sort(static (a, b) => b.Similarity.CompareTo(a.Similarity));
        SetLinks(place, Choose(candidates, MostLinks));
    }

    // Of several in the same direction the nearest is enough; what is left over is filled up.
    private List<int> Choose(List<(float Similarity, int Place)> candidates, int most)
    {
        var chosen = new List<int>(most);
        foreach ((float similarity, int place) in candidates)
        {
            if (chosen.Count == most)
            {
                return chosen;
            }

            if (!chosen.Exists(other => vectors.Similarity(place, other) > similarity))
            {
                chosen.Add(place);
            }
        }

        foreach ((_, int place) in candidates)
        {
            if (chosen.Count == most)
            {
                break;
            }

            if (!chosen.Contains(place))
            {
                chosen.Add(place);
            }
        }

        return chosen;
    }
}
