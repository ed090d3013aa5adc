namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>How the answers of a partition turn out.</summary>
/// <param name="RiskLimit">The largest risk that is taken with one answer.</param>
/// <param name="Tightness">Which part of the allowed rate of false answers is used.</param>
/// <param name="Checked">How many answers were checked at random.</param>
/// <param name="False">How many of them were wrong.</param>
/// <param name="UpperFalseHitRate">Below which part of all answers from the cache the wrong ones are, at 95 %.</param>
/// <param name="DisabledUntil">Until when no answer but that to an identical question is given; <see langword="null"/> if any may be.</param>
internal readonly record struct PartitionHealth(
    double RiskLimit, double Tightness, long Checked, long False, double UpperFalseHitRate, DateTimeOffset? DisabledUntil);
