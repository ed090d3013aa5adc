namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>An answer that neighbours of a question have in common.</summary>
internal sealed class Candidate
{
    // The mean similarity is that of so many.
    private const int NearestCounted = 3;

    private float _similaritySum;
    private int _allowed;
    private float _nearestForbidden;

    private Candidate(string answerId) => AnswerId = answerId;

    /// <summary>Gets what the answers have in common.</summary>
    public string AnswerId { get; }

    /// <summary>Gets the places of the neighbours that have the answer, the nearest first.</summary>
    public List<int> Neighbours { get; } = [];

    /// <summary>Gets the sum of the votes of the neighbours whose answer may be given.</summary>
    public double Votes { get; private set; }

    /// <summary>Gets the place of the nearest neighbour whose answer may be given.</summary>
    public int Nearest { get; private set; } = -1;

    /// <summary>Gets its similarity.</summary>
    public float Similarity { get; private set; }

    /// <summary>Gets how the question stands to it.</summary>
    public Relation Relation { get; private set; }

    /// <summary>Gets the mean similarity of up to three neighbours whose answer may be given.</summary>
    public float MeanSimilarity => _similaritySum / Math.Min(NearestCounted, _allowed);

    /// <summary>Gets a value indicating whether the answer may not be given: no neighbour allows it, or one that forbids it is nearer than any that allows it.</summary>
    public bool IsForbidden => Nearest < 0 || _nearestForbidden > Similarity;

    /// <summary>Puts neighbours with the same answer together.</summary>
    public static List<Candidate> Group(ReadOnlySpan<Neighbour> neighbours, float leastSimilarity)
    {
        var candidates = new List<Candidate>();
        for (int i = 0; i < neighbours.Length && neighbours[i].Similarity >= leastSimilarity; i++)
        {
            string answer = neighbours[i].AnswerId;
            Candidate? candidate = candidates.Find(c => c.AnswerId == answer);
            if (candidate is null)
            {
                candidate = new Candidate(answer);
                candidates.Add(candidate);
            }

            candidate.Neighbours.Add(i);
        }

        return candidates;
    }

    /// <summary>Counts a neighbour's vote, or its veto.</summary>
    public void Count(int neighbour, ReadOnlySpan<Neighbour> neighbours, Comparison comparison, bool isAllowed, double vote)
    {
        float similarity = neighbours[neighbour].Similarity;
        if (!isAllowed)
        {
            _nearestForbidden = Math.Max(_nearestForbidden, similarity);
            return;
        }

        Votes += vote;
        if (Nearest < 0)
        {
            Nearest = neighbour;
            Similarity = similarity;
            Relation = comparison.Relation;
        }

        _similaritySum += _allowed < NearestCounted ? similarity : 0;
        _allowed++;
    }

    /// <summary>Gets how many different signatures the neighbours have.</summary>
    public int VarietyOf(ReadOnlySpan<Neighbour> neighbours, Func<Question, ulong> signature)
    {
        var signatures = new HashSet<ulong>();
        foreach (int i in Neighbours)
        {
            signatures.Add(signature(neighbours[i].Question));
        }

        return signatures.Count;
    }
}
