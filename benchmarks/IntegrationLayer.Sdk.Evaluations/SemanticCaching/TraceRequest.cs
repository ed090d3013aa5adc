namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>A request of a trace.</summary>
/// <param name="Query">The question.</param>
/// <param name="Cluster">What it has in common with questions that have the same answer.</param>
/// <param name="Milliseconds">When it is asked, from the trace's beginning.</param>
internal sealed record TraceRequest(string Query, string Cluster, long Milliseconds = 0);
