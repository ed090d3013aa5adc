namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>What a toxic may know when it shapes a plan.</summary>
/// <param name="Since">Since when it works on this flow, counted from the start of the proxy.</param>
/// <param name="Passed">The bytes that the flow has sent since then.</param>
/// <param name="OfChunk">A number from -1 to 1 that is the same for all bytes that were read at once.</param>
/// <param name="OfPiece">A number from -1 to 1 that is another for every piece that is sent.</param>
internal readonly record struct FlowMoment(TimeSpan Since, long Passed, double OfChunk, double OfPiece);
