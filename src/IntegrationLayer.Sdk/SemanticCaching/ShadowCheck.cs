namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Whether and why an answer is checked against the model.</summary>
internal enum ShadowCheck : byte
{
    /// <summary>It isn't.</summary>
    None,

    /// <summary>At random: what comes out says how many answers are wrong.</summary>
    Sample,

    /// <summary>Because it is doubtful: what comes out says nothing of others.</summary>
    Doubt,
}
