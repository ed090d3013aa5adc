namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>What one request came to, as its caller saw it.</summary>
/// <param name="Tenant">Who asked.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Text">What was read.</param>
/// <param name="Receipt">The receipt, if one came.</param>
/// <param name="Failure">How it failed, if it did.</param>
/// <param name="Took">How long its caller waited.</param>
internal sealed record Outcome(string Tenant, string Question, string Text, LlmReceipt? Receipt, Exception? Failure, TimeSpan Took = default)
{
    /// <summary>Gets every call made for the request.</summary>
    public IReadOnlyList<LlmAttempt> Attempts => Receipt?.Attempts ?? (Failure as LlmException)?.Attempts ?? [];
}
