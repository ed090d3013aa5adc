namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Keys in the <c>AdditionalProperties</c> of contents that carry what a provider wants back unchanged.</summary>
internal static class MessageFields
{
    /// <summary>On a function call: Google's signature of the thought that led to it.</summary>
    public const string ThoughtSignature = "thought_signature";

    /// <summary>On reasoning: the slug of the provider that signed it. No other provider accepts the signature.</summary>
    public const string SignedBy = "signed_by";

    /// <summary>On reasoning: that the provider has encrypted it.</summary>
    public const string Redacted = "redacted";

    /// <summary>On an image of a request: how closely to look at it (<c>low</c>, <c>high</c>, <c>auto</c>).</summary>
    public const string Detail = "detail";
}
