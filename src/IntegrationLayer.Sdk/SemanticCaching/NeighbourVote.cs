namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Lets the neighbours of a question vote on its answer: neighbours that have the same answer stand together.</summary>
internal static class NeighbourVote
{
    // A vote counts by the fourth power of its similarity, so that many strangers don't outvote one acquaintance.
    private const int Power = 4;
    private const float LeastSimilarity = 0.05f;

    // As many different ways to turn an answer's phrasings show that it doesn't depend on them.
    private const int EnoughVariety = 3;

    /// <summary>Weighs the neighbours.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="neighbours">The questions answered before that are nearest to it, the nearest first.</param>
    /// <param name="frequencies">The partition's words.</param>
    /// <returns>The answer with most votes; <see langword="null"/> if none may be given.</returns>
    public static Verdict? Weigh(Question asked, ReadOnlySpan<Neighbour> neighbours, WordFrequencies frequencies)
    {
        if (FindEqual(asked, neighbours) is { } equal)
        {
            return equal;
        }

        if (!asked.IsEnglish || asked.Words.Length == 0)
        {
            return null;
        }

        List<Candidate> candidates = Candidate.Group(neighbours, LeastSimilarity);
        double allVotes = 0;
        foreach (Candidate candidate in candidates)
        {
            foreach (int i in candidate.Neighbours)
            {
                Comparison comparison = QuestionComparer.Compare(asked, neighbours[i].Question);
                if (comparison.Relation is Relation.Identical)
                {
                    return new Verdict(i, IsIdentical: true, null);
                }

                double vote = Math.Pow(neighbours[i].Similarity, Power);
                allVotes += vote;
                candidate.Count(i, neighbours, comparison, IsAllowed(comparison, candidate, i, neighbours), vote);
            }
        }

        candidates.RemoveAll(static c => c.IsForbidden);
        if (candidates.Count == 0)
        {
            return null;
        }

        Candidate winner = candidates[0];
        foreach (Candidate candidate in candidates)
        {
            winner = candidate.Votes > winner.Votes ? candidate : winner;
        }

        var evidence = new Evidence(asked, neighbours, frequencies, candidates);
        return new Verdict(winner.Nearest, IsIdentical: false, evidence.FeaturesOf(winner, allVotes));
    }

    private static Verdict? FindEqual(Question asked, ReadOnlySpan<Neighbour> neighbours)
    {
        for (int i = 0; i < neighbours.Length; i++)
        {
            if (neighbours[i].Question.Canonical == asked.Canonical)
            {
                return new Verdict(i, IsIdentical: true, null);
            }
        }

        return null;
    }

    private static bool IsAllowed(Comparison comparison, Candidate candidate, int neighbour, ReadOnlySpan<Neighbour> neighbours) => comparison.Relation switch
    {
        Relation.Identical or Relation.Same or Relation.Related => true,
        Relation.OtherTurn => candidate.VarietyOf(neighbours, static q => q.Turns) >= EnoughVariety,
        Relation.Substituted => candidate.Neighbours.Count > 1 && Array.TrueForAll(comparison.Foreign!, IsWordOf(candidate, neighbour, neighbours)),
        _ => false,
    };

    // A word of another phrasing of the same answer is no stranger.
    private static Predicate<ulong> IsWordOf(Candidate candidate, int neighbour, ReadOnlySpan<Neighbour> neighbours)
    {
        var words = new HashSet<ulong>();
        foreach (int other in candidate.Neighbours)
        {
            if (other != neighbour)
            {
                words.UnionWith(neighbours[other].Question.Content);
            }
        }

        return words.Contains;
    }
}
