using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Reads off a request what the model must be able to do.</summary>
internal static class RequestNeeds
{
    /// <summary>Gets the capabilities without which the request can't be served.</summary>
    public static ModelCapabilities Of(LlmRequest request)
    {
        ModelCapabilities needs = ModelCapabilities.None;
        if (request.Options is { } options)
        {
            needs |= options.Tools is { Count: > 0 } ? ModelCapabilities.Tools : ModelCapabilities.None;
            needs |= options.ResponseFormat switch
            {
                ChatResponseFormatJson { Schema: not null } => ModelCapabilities.JsonSchema,
                ChatResponseFormatJson => ModelCapabilities.Json,
                _ => ModelCapabilities.None,
            };
        }

        for (int m = 0; m < request.Messages.Count; m++)
        {
            IList<AIContent> contents = request.Messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                needs |= contents[c] switch
                {
                    TextContent => ModelCapabilities.None,
                    DataContent data => OfMedia(data.MediaType),
                    UriContent uri => OfMedia(uri.MediaType),
                    _ => ModelCapabilities.None,
                };
            }
        }

        return needs;
    }

    /// <summary>Says whether the request asks the provider to remember a part of it, which some sell at a price above that of input.</summary>
    public static bool WritesPromptCache(LlmRequest request)
    {
        for (int m = 0; m < request.Messages.Count; m++)
        {
            IList<AIContent> contents = request.Messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                if (contents[c].AdditionalProperties?.ContainsKey(ContentMarks.CacheControl) is true)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Says whether the request asks the provider to remember a part of it for an hour.</summary>
    public static bool KeepsPromptAnHour(LlmRequest request)
    {
        for (int m = 0; m < request.Messages.Count; m++)
        {
            IList<AIContent> contents = request.Messages[m].Contents;
            for (int c = 0; c < contents.Count; c++)
            {
                if (contents[c].AdditionalProperties?.GetValueOrDefault(ContentMarks.CacheControl)?.ToString()?.Contains("1h", StringComparison.Ordinal) is true)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Gets the service tier that the request asks for, such as <c>priority</c>.</summary>
    public static string? ServiceTier(LlmRequest request) => Extra(request, "service_tier");

    /// <summary>Gets the kinds of answers, besides text, that the request asks for: they have prices of their own.</summary>
    public static TokenKinds Answers(LlmRequest request)
    {
        if (request.Options?.AdditionalProperties is not { Count: > 0 } extras)
        {
            return TokenKinds.Text;
        }

        string? modalities = Extra(request, "modalities");
        return (extras.ContainsKey("audio") || modalities?.Contains("audio", StringComparison.OrdinalIgnoreCase) is true ? TokenKinds.AudioOutput : TokenKinds.Text)
            | (modalities?.Contains("image", StringComparison.OrdinalIgnoreCase) is true ? TokenKinds.ImageOutput : TokenKinds.Text);
    }

    private static string? Extra(LlmRequest request, string name) =>
        request.Options?.AdditionalProperties is { Count: > 0 } extras && extras.TryGetValue(name, out object? value) ? value?.ToString() : null;

    private static ModelCapabilities OfMedia(string mediaType) => mediaType switch
    {
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => ModelCapabilities.Vision,
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => ModelCapabilities.AudioInput,
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => ModelCapabilities.VideoInput,
        _ when mediaType.Equals("application/pdf", StringComparison.OrdinalIgnoreCase) => ModelCapabilities.Pdf,
        _ => ModelCapabilities.None,
    };
}
