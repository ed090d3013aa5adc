using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Fits a logistic regression by Newton's method, and how sure it is of its weights.</summary>
internal static class LogisticFit
{
    private const int Rounds = 50;
    private const double Enough = 1e-7;

    /// <summary>Fits.</summary>
    /// <param name="observations">Features and outcomes.</param>
    /// <param name="ridge">How strongly weights are drawn to zero.</param>
    /// <param name="weight">How much each observation counts for the covariance.</param>
    public static AcceptancePrior Of(List<(double[] Features, bool IsRight)> observations, double ridge, double weight)
    {
        int count = observations[0].Features.Length;
        double[] weights = new double[count];
        double[,] curvature = new double[count, count];
        for (int round = 0; round < Rounds; round++)
        {
            double[] gradient = new double[count];
            curvature = new double[count, count];
            for (int i = 0; i < count; i++)
            {
                gradient[i] = -ridge * weights[i];
                curvature[i, i] = ridge;
            }

            foreach ((double[] features, bool isRight) in observations)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                {
                    sum += weights[i] * features[i];
                }

                double probability = 1 / (1 + Math.Exp(-sum));
                double error = (isRight ? 1 : 0) - probability;
                double factor = probability * (1 - probability);
                for (int i = 0; i < count; i++)
                {
                    gradient[i] += error * features[i];
                    for (int j = 0; j < count; j++)
                    {
                        curvature[i, j] += factor * features[i] * features[j];
                    }
                }
            }

            double[,] inverse = Invert(curvature);
            double largest = 0;
            for (int i = 0; i < count; i++)
            {
                double step = 0;
                for (int j = 0; j < count; j++)
                {
                    step += inverse[i, j] * gradient[j];
                }

                weights[i] += step;
                largest = Math.Max(largest, Math.Abs(step));
            }

            if (largest < Enough)
            {
                break;
            }
        }

        double[,] covariance = Invert(curvature);
        return new AcceptancePrior(weights, [.. covariance.Cast<double>().Select(c => c / weight)]);
    }

    // Gauss and Jordan, with pivots.
    private static double[,] Invert(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[,] left = (double[,])matrix.Clone();
        double[,] right = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            right[i, i] = 1;
        }

        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < size; row++)
            {
                pivot = Math.Abs(left[row, column]) > Math.Abs(left[pivot, column]) ? row : pivot;
            }

            for (int k = 0; k < size; k++)
            {
                (left[column, k], left[pivot, k]) = (left[pivot, k], left[column, k]);
                (right[column, k], right[pivot, k]) = (right[pivot, k], right[column, k]);
            }

            double divisor = left[column, column];
            for (int k = 0; k < size; k++)
            {
                left[column, k] /= divisor;
                right[column, k] /= divisor;
            }

            for (int row = 0; row < size; row++)
            {
                double factor = row == column ? 0 : left[row, column];
                for (int k = 0; factor != 0 && k < size; k++)
                {
                    left[row, k] -= factor * left[column, k];
                    right[row, k] -= factor * right[column, k];
                }
            }
        }

        return right;
    }
}
