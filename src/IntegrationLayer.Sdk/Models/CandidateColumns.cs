namespace IntegrationLayer.Sdk.Models;

/// <summary>What routing policies look at of some deployments, in columns, so that thousands are looked at in microseconds.</summary>
internal sealed class CandidateColumns
{
    public CandidateColumns(Deployment[] deployments)
    {
        int count = deployments.Length;
        Deployments = deployments;
        Indexes = Array.ConvertAll(deployments, static d => d.Index);
        Quality = Array.ConvertAll(deployments, static d => d.Quality);
        Weight = Array.ConvertAll(deployments, static d => d.Weight);
        WeightUpTo = new double[count];
        IsConsecutive = true;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            WeightUpTo[i] = sum += Weight[i];
            IsConsecutive &= Indexes[i] == Indexes[0] + i;
        }
    }

    public Deployment[] Deployments { get; }

    /// <summary>Gets each one's <see cref="Deployment.Index"/>.</summary>
    public int[] Indexes { get; }

    /// <summary>Gets a value indicating whether the indexes follow one another without gaps.</summary>
    public bool IsConsecutive { get; }

    /// <summary>Gets each one's <see cref="Deployment.Quality"/>.</summary>
    public double[] Quality { get; }

    /// <summary>Gets each one's <see cref="Deployment.Weight"/>.</summary>
    public double[] Weight { get; }

    /// <summary>Gets for each one the sum of the weights up to its own.</summary>
    public double[] WeightUpTo { get; }
}
