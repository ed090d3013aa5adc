namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>When a stage of a request began and ended, as timestamps.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
internal readonly record struct StageTime(string Stage, long Start, long End);
