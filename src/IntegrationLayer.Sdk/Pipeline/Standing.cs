namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>In what order candidates may be called, by their health: ascending.</summary>
internal enum Standing : byte
{
    /// <summary>As the policy likes.</summary>
    Well = 0,

    /// <summary>After those that are well: it is degraded, and this request is not of the share that it gets.</summary>
    Behind,

    /// <summary>After those: its provider has too little left, by what it last said.</summary>
    Short,

    /// <summary>As a last resort: it recovers, and this request is not of the share that it gets.</summary>
    Recovering,

    /// <summary>As a last resort: its trial is under way.</summary>
    OnTrial,

    /// <summary>As a last resort: it is paused.</summary>
    Paused,

    /// <summary>As a last resort: it asked to be left alone.</summary>
    Resting,

    /// <summary>Not at all.</summary>
    Out,
}
