namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>The memory of a walk through a <see cref="VectorGraph"/>: what was seen, what is to be looked at next, what was nearest. Used again from walk to walk, by one at a time.</summary>
internal sealed class GraphWalk
{
    private readonly PriorityQueue<int, float> _next = new();
    private readonly PriorityQueue<int, float> _nearest = new();
    private int[] _seen = [];
    private int _walk;
    private int _breadth;

    /// <summary>Begins a walk.</summary>
    /// <param name="count">The number of places.</param>
    /// <param name="breadth">How many near ones to keep in sight.</param>
    public void Start(int count, int breadth)
    {
        if (_seen.Length < count || _walk == int.MaxValue)
        {
            _seen = new int[Math.Max(count, _seen.Length * 2)];
            _walk = 0;
        }

        _walk++;
        _breadth = breadth;
        _next.Clear();
        _nearest.Clear();
    }

    /// <summary>Looks at a place; <see langword="false"/> if it was looked at before.</summary>
    public bool See(int place)
    {
        bool isNew = _seen[place] != _walk;
        _seen[place] = _walk;
        return isNew;
    }

    /// <summary>Keeps a place in mind if it is near enough.</summary>
    public void Keep(int place, float similarity)
    {
        if (_nearest.Count < _breadth)
        {
            _nearest.Enqueue(place, similarity);
        }
        else if (_nearest.TryPeek(out _, out float farthest) && similarity > farthest)
        {
            _nearest.EnqueueDequeue(place, similarity);
        }
        else
        {
            return;
        }

        _next.Enqueue(place, -similarity);
    }

    /// <summary>Gets the nearest place whose links weren't followed; <see langword="false"/> if none can lead to something nearer.</summary>
    public bool TryNext(out int place) =>
        _next.TryDequeue(out place, out float negative)
        && !(_nearest.Count == _breadth && _nearest.TryPeek(out _, out float farthest) && -negative < farthest);

    /// <summary>Gets what was nearest, the nearest first, and forgets it.</summary>
    public List<(float Similarity, int Place)> Nearest()
    {
        var nearest = new List<(float Similarity, int Place)>(_nearest.Count);
        while (_nearest.TryDequeue(out int place, out float similarity))
        {
            nearest.Add((similarity, place));
        }

        nearest.Reverse();
        return nearest;
    }
}
