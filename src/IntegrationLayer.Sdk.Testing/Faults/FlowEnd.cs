namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>How a flow ended, mildest first.</summary>
internal enum FlowEnd
{
    /// <summary>Its sender has closed, and the receiver has been told.</summary>
    Ended,

    /// <summary>The connection is to be closed.</summary>
    Closed,

    /// <summary>The connection is to be reset.</summary>
    Reset,
}
