namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>
/// Says how large a risk may be taken with one answer, so that of all answers from the cache, exact ones included, no more than a given part
/// is wrong. Looks at the risks of the last requests, and takes the largest limit that would have kept the rate.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="rate">Which part of the answers may be wrong.</param>
/// <param name="largestRisk">The largest risk to take with one answer.</param>
internal sealed class ErrorBudget(double rate, double largestRisk)
{
    private const int Window = 1_000;
    private const int Renewal = 25;

    // Until enough requests were seen.
    private const int FewRequests = 200;
    private const double FirstLimit = 0.05;
    private const double LeastLimit = 0.005;

    // In the evaluations, up to one and a half times as many answers were wrong as was estimated.
    private const double MostUsed = 0.75;
    private const double LeastUsed = 0.3;

    private readonly double[] _risks = new double[Window];
    private readonly double[] _sorted = new double[Window];
    private long _count;

    /// <summary>Gets the largest risk to take with the next answer.</summary>
    public double Limit { get; private set; } = Math.Min(FirstLimit, largestRisk);

    /// <summary>Gets or sets which part of the rate is used, from 0 to 1: less, when more answers were wrong than was estimated.</summary>
    public double Tightness { get; set; } = 1;

    /// <summary>Counts an answer that can't be wrong, because it is to the same request.</summary>
    public void CountExact() => Count(0);

    /// <summary>Counts a request for which there was no answer to give.</summary>
    public void CountNone() => Count(double.PositiveInfinity);

    /// <summary>Counts a request for which there was an answer, given or not.</summary>
    /// <param name="risk">The probability that it is wrong.</param>
    public void Count(double risk)
    {
        _risks[_count++ % Window] = risk;
        if (_count % Renewal == 0)
        {
            Renew();
        }
    }

    private void Renew()
    {
        int count = (int)Math.Min(_count, Window);
        _risks.AsSpan(0, count).CopyTo(_sorted);
        Array.Sort(_sorted, 0, count);
        double allowed = rate * Caution(count) * Tightness;
        double limit = LeastLimit;
        double sum = 0;
        for (int i = 0; i < count && _sorted[i] <= largestRisk; i++)
        {
            sum += _sorted[i];
            limit = sum <= allowed * (i + 1) ? Math.Max(limit, _sorted[i]) : limit;
        }

        Limit = Math.Min(largestRisk, _count < FewRequests ? Math.Min(limit, FirstLimit) : limit);
    }

    // Strangers look more familiar than they are: the more questions are new, the more of the answers given are wrong, compared with what was estimated. So no
    // more of the rate is used than the part of the requests that gets an answer.
    private double Caution(int count)
    {
        int answered = Array.BinarySearch(_sorted, 0, count, Math.BitIncrement(Limit));
        return Math.Clamp((answered < 0 ? ~answered : answered) / (double)count, LeastUsed, MostUsed);
    }
}
