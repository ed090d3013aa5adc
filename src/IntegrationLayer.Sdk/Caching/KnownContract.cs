using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Whether types of Microsoft.Extensions.AI still have just the members that this folder was written for. If an application brings a newer
/// version with more, its own contract is used instead, slower, so that nothing is left out of a key or an answer.
/// </summary>
internal static class KnownContract
{
    /// <summary>Whether messages and their texts do.</summary>
    public static readonly bool Messages =
        Has(typeof(ChatMessage), "authorName createdAt role text contents messageId rawRepresentation additionalProperties")
        && Has(typeof(TextContent), "text annotations rawRepresentation additionalProperties");

    /// <summary>Whether data do.</summary>
    public static readonly bool Data = Has(typeof(DataContent), "uri mediaType name data base64Data annotations rawRepresentation additionalProperties");

    /// <summary>Whether answers do, and what they are made of.</summary>
    public static readonly bool Answers = Messages && Has(
        typeof(ChatResponse),
        "messages text responseId conversationId modelId createdAt finishReason usage continuationToken rawRepresentation additionalProperties");

    /// <summary>Whether options do.</summary>
    public static readonly bool Options = Has(
        typeof(ChatOptions),
        "conversationId instructions temperature maxOutputTokens topP topK frequencyPenalty presencePenalty seed reasoning responseFormat modelId "
        + "stopSequences allowMultipleToolCalls toolMode tools allowBackgroundResponses continuationToken rawRepresentationFactory additionalProperties");

    private static bool Has(Type type, string members) =>
        AIJsonUtilities.DefaultOptions.GetTypeInfo(type).Properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal).SetEquals(members.Split(' '));
}
