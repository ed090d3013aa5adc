namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>When a call began and ended, as timestamps.</summary>
/// <param name="Attempt">The call.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
internal readonly record struct CallTime(LlmAttempt Attempt, long Start, long End);
