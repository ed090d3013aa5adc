namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Puts what speaks for and against an answer into numbers.</summary>
internal readonly ref struct Evidence
{
    // Where features are divided, so that all are of the order of one.
    private const double LargestWeight = 8;
    private const double ManyForeign = 4;
    private const double FewQuestions = 100;
    private const double FewWords = 4;

    // Words count as if each answer had been asked for twice in the partition's own words.
    private const double Smoothing = 2;

    private const double LargeMargin = 5;
    private const double MostMargin = 2;

    private const double KindNearlyOther = 0.3;

    private readonly Question _asked;
    private readonly ReadOnlySpan<Neighbour> _neighbours;
    private readonly WordFrequencies _frequencies;
    private readonly List<Candidate> _candidates;

    public Evidence(Question asked, ReadOnlySpan<Neighbour> neighbours, WordFrequencies frequencies, List<Candidate> candidates)
    {
        _asked = asked;
        _neighbours = neighbours;
        _frequencies = frequencies;
        _candidates = candidates;
    }

    /// <summary>Gets an answer's features.</summary>
    public double[] FeaturesOf(Candidate winner, double allVotes)
    {
        Question nearest = _neighbours[winner.Nearest].Question;
        double[] features = new double[(int)Feature.Count];
        features[(int)Feature.Constant] = 1;
        features[(int)Feature.Similarity] = winner.Similarity;
        features[(int)Feature.SimilaritySquared] = winner.Similarity * winner.Similarity;
        double share = winner.Votes / allVotes;
        features[(int)Feature.Share] = share;
        features[(int)Feature.ShareTimesSimilarity] = share * winner.Similarity;
        features[(int)Feature.Margin] = winner.Similarity - BestOther(winner);
        features[(int)Feature.MeanSimilarity] = winner.MeanSimilarity;
        AddCoverage(features, winner, nearest);
        AddBayes(features, winner);
        features[(int)Feature.WordSimilarity] = WordSimilarityOf(winner);
        features[(int)Feature.PhrasingCount] = Math.Log(winner.Neighbours.Count);
        features[(int)Feature.IsSinglePhrasing] = winner.Neighbours.Count == 1 ? 1 : 0;
        features[(int)Feature.IsSame] = winner.Relation is Relation.Same ? 1 : 0;
        features[(int)Feature.IsSubstituted] = winner.Relation is Relation.Substituted ? 1 : 0;
        features[(int)Feature.OtherKind] = DifferenceOf(_asked.Kind, nearest.Kind);
        features[(int)Feature.Length] = Math.Log(1 + _asked.Content.Length) / 2;
        features[(int)Feature.Shortness] = Math.Exp(-_asked.Words.Length / FewWords);
        features[(int)Feature.Youth] = Math.Exp(-_frequencies.Questions / FewQuestions);
        return features;
    }

    private static double DifferenceOf(QuestionKind kind, QuestionKind other) =>
        kind == other ? 0
        : kind is QuestionKind.Open or QuestionKind.YesOrNo && other is QuestionKind.Open or QuestionKind.YesOrNo ? KindNearlyOther
        : 1;

    private float BestOther(Candidate winner)
    {
        float best = 0;
        foreach (Candidate candidate in _candidates)
        {
            best = candidate == winner ? best : Math.Max(best, candidate.Similarity);
        }

        return best;
    }

    private void AddCoverage(double[] features, Candidate winner, Question nearest)
    {
        double all = 0;
        double inPhrasings = 0;
        double inNearest = 0;
        double rarest = 0;
        int foreign = 0;
        foreach (ulong stem in _asked.Content)
        {
            double weight = _frequencies.WeightOf(stem);
            all += weight;
            inNearest += nearest.Content.AsSpan().BinarySearch(stem) >= 0 ? weight : 0;
            if (CountIn(winner, stem) > 0)
            {
                inPhrasings += weight;
            }
            else
            {
                rarest = Math.Max(rarest, weight);
                foreign++;
            }
        }

        double allOfNearest = 0;
        double common = 0;
        foreach (ulong stem in nearest.Content)
        {
            double weight = _frequencies.WeightOf(stem);
            allOfNearest += weight;
            common += _asked.Content.AsSpan().BinarySearch(stem) >= 0 ? weight : 0;
        }

        features[(int)Feature.CoveredByPhrasings] = all > 0 ? inPhrasings / all : 0;
        features[(int)Feature.CoveredByNearest] = all > 0 ? inNearest / all : 0;
        features[(int)Feature.CoversNearest] = allOfNearest > 0 ? common / allOfNearest : 0;
        features[(int)Feature.RarestForeign] = rarest / LargestWeight;
        features[(int)Feature.ForeignCount] = foreign / ManyForeign;
    }

    private int CountIn(Candidate candidate, ulong stem)
    {
        int count = 0;
        foreach (int i in candidate.Neighbours)
        {
            count += _neighbours[i].Question.Content.AsSpan().BinarySearch(stem) >= 0 ? 1 : 0;
        }

        return count;
    }

    // Naive Bayes over the neighbours' answers, each as likely as any other before the words are looked at.
    private void AddBayes(double[] features, Candidate winner)
    {
        double own = LogLikelihoodOf(winner);
        double sum = 0;
        double best = 0;
        foreach (Candidate candidate in _candidates)
        {
            double likelihood = candidate == winner ? own : LogLikelihoodOf(candidate);
            sum += Math.Exp(likelihood - own);
            best = candidate == winner ? best : Math.Max(best, likelihood);
        }

        features[(int)Feature.Bayes] = 1 / sum;
        features[(int)Feature.BayesMargin] = Math.Clamp((own - best) / LargeMargin, -MostMargin, MostMargin);
    }

    private double WordSimilarityOf(Candidate winner)
    {
        double best = 0;
        foreach (int i in winner.Neighbours)
        {
            best = Math.Max(best, WordSimilarityOf(_neighbours[i].Question));
        }

        return best;
    }

    private double WordSimilarityOf(Question other)
    {
        double common = 0;
        double own = 0;
        double others = 0;
        foreach (ulong stem in _asked.Content)
        {
            double weight = _frequencies.WeightOf(stem);
            own += weight * weight;
            common += other.Content.AsSpan().BinarySearch(stem) >= 0 ? weight * weight : 0;
        }

        foreach (ulong stem in other.Content)
        {
            double weight = _frequencies.WeightOf(stem);
            others += weight * weight;
        }

        return common > 0 ? common / Math.Sqrt(own * others) : 0;
    }

    private double LogLikelihoodOf(Candidate candidate)
    {
        double sum = 0;
        foreach (ulong stem in _asked.Content)
        {
            double anywhere = (_frequencies[stem] + 0.5) / (_frequencies.Questions + 1.0);
            double here = (CountIn(candidate, stem) + (Smoothing * anywhere)) / (candidate.Neighbours.Count + Smoothing);
            sum += Math.Log(here / anywhere);
        }

        return sum;
    }
}
