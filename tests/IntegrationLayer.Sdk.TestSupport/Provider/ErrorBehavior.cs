namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Answers with an error in the body format of the wire that was asked.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">The provider's message.</param>
public sealed record ErrorBehavior(int Status, string Message) : ProviderBehavior
{
    /// <summary>The error's type; by default the one that fits the status.</summary>
    public string? Type { get; init; }

    /// <summary>The error's code, which only OpenAI's format has; null by default.</summary>
    public string? Code { get; init; }
}
