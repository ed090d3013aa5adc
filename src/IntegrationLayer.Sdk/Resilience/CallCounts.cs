namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How many calls came to what.</summary>
internal readonly record struct CallCounts(int Succeeded, int Failed, int TimedOut, int Truncated)
{
    public int Unsuccessful => Failed + TimedOut + Truncated;

    public int Total => Succeeded + Unsuccessful;

    /// <summary>Gets the part of the calls that failed; 0 if there was none.</summary>
    public double ErrorRatio => Total == 0 ? 0 : (double)Unsuccessful / Total;

    public static CallCounts operator +(CallCounts left, CallCounts right) => new(
        left.Succeeded + right.Succeeded, left.Failed + right.Failed, left.TimedOut + right.TimedOut, left.Truncated + right.Truncated);
}
