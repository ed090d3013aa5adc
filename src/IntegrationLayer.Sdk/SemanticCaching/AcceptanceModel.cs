namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Estimates how probable it is that an answer is the right one, and learns from every answer that turned out to be or not to be.</summary>
/// <remarks>
/// Logistic regression with a normal distribution over its weights, updated with each observation (an extended Kalman filter, which is
/// Laplace's approximation one observation at a time; Spiegelhalter and Lauritzen 1990). The prior was fitted on published data by the
/// command <c>semantic-prior</c> of the evaluations, and counts like a few hundred observations. Not safe for concurrent use.
/// </remarks>
internal sealed class AcceptanceModel
{
    // Where the model is certain, an observation against it must still move it.
    private const double LeastCurvature = 1e-3;

    private readonly double[] _weights;
    private readonly double[] _covariance;
    private readonly double[] _direction;

    /// <summary>Creates a model that knows what the prior knows.</summary>
    public AcceptanceModel(AcceptancePrior prior)
    {
        _weights = [.. prior.Weights];
        _covariance = [.. prior.Covariance];
        _direction = new double[_weights.Length];
    }

    /// <summary>Estimates the probability that an answer is wrong.</summary>
    /// <param name="features">What speaks for and against it.</param>
    public double RiskOf(ReadOnlySpan<double> features)
    {
        (double mean, double variance) = Project(features);

        // What isn't known of the weights moves the probability towards a half (MacKay 1992).
        return 1 - Sigmoid(mean / Math.Sqrt(1 + (Math.PI * variance / 8)));
    }

    /// <summary>Learns whether an answer was right.</summary>
    /// <param name="features">What spoke for and against it.</param>
    /// <param name="isRight">Whether it was.</param>
    public void Learn(ReadOnlySpan<double> features, bool isRight)
    {
        (double mean, double variance) = Project(features);
        double probability = Sigmoid(mean);
        double curvature = Math.Max(probability * (1 - probability), LeastCurvature);
        double gain = 1 / (1 + (curvature * variance));
        double error = (isRight ? 1 : 0) - probability;
        int count = _weights.Length;
        for (int i = 0; i < count; i++)
        {
            _weights[i] += _direction[i] * gain * error;
        }

        for (int i = 0; i < count; i++)
        {
            double factor = curvature * gain * _direction[i];
            for (int j = 0; j < count; j++)
            {
                _covariance[(i * count) + j] -= factor * _direction[j];
            }
        }
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    // The mean and the variance of the weighted sum; leaves the covariance times the features behind.
    private (double Mean, double Variance) Project(ReadOnlySpan<double> features)
    {
        double mean = 0;
        double variance = 0;
        int count = _weights.Length;
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int j = 0; j < count; j++)
            {
                sum += _covariance[(i * count) + j] * features[j];
            }

            _direction[i] = sum;
            mean += _weights[i] * features[i];
            variance += sum * features[i];
        }

        return (mean, Math.Max(0, variance));
    }
}
