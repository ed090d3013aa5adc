namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>
/// Chooses the answers that are checked against the model: a part at random, for an unbiased sample, and those whose questions were answered
/// at a risk before, so that no doubtful answer is given again and again. Never more than a given part of all answers from the cache.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="rate">Which part of the answers may be checked.</param>
/// <param name="random">Chooses the sample.</param>
internal sealed class ShadowPlan(double rate, RandomSource random)
{
    // Which part of the checks is for the sample.
    private const double SampleShare = 0.5;

    // How much unused allowance is kept.
    private const double MostAllowance = 20;

    // The sum of the risks taken with one question that makes it worth a check.
    private const double RiskToCheck = 0.08;
    private const int MostQuestions = 4_096;

    private readonly Dictionary<string, double> _risks = new(StringComparer.Ordinal);
    private double _allowance;

    /// <summary>Counts an answer that needs no check.</summary>
    public void CountCertain() => _allowance = Math.Min(MostAllowance, _allowance + rate);

    /// <summary>Chooses whether to check an answer that is given.</summary>
    /// <param name="question">The question.</param>
    /// <param name="risk">The probability that the answer is wrong.</param>
    public ShadowCheck Choose(string question, double risk)
    {
        CountCertain();
        if (_risks.Count >= MostQuestions)
        {
            _risks.Clear();
        }

        double sum = _risks.GetValueOrDefault(question) + risk;
        _risks[question] = sum;
        bool isSampled = random.NextPositive() <= rate * SampleShare;
        if (_allowance < 1 || !(isSampled || sum >= RiskToCheck))
        {
            return ShadowCheck.None;
        }

        _allowance--;
        _risks.Remove(question);
        return isSampled ? ShadowCheck.Sample : ShadowCheck.Doubt;
    }
}
