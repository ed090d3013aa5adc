namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Answers in the wire format that was asked, whole or streamed as the request wants.</summary>
/// <param name="Answer">What the model says.</param>
public sealed record AnswerBehavior(ProviderAnswer Answer) : ProviderBehavior
{
    /// <summary>How the events are sent if the request asks for a stream.</summary>
    public StreamShape Stream { get; init; } = new();
}
