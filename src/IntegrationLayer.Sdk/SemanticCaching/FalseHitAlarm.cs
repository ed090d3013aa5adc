namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What the checks of answers ask for.</summary>
internal enum FalseHitAlarm : byte
{
    None,

    /// <summary>Fewer answers are wrong than may be: a limit that was tightened may be relaxed.</summary>
    Relax,

    /// <summary>More answers are wrong than may be: take smaller risks.</summary>
    Tighten,

    /// <summary>More than twice as many are wrong as may be: give none for a time.</summary>
    Disable,
}
