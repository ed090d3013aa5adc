using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>What the pieces of a streamed message have in common.</summary>
/// <param name="Id">The identifier of the response, which is that of its one message too.</param>
/// <param name="ModelId">The model that the provider says is writing.</param>
/// <param name="CreatedAt">When the response was begun.</param>
internal sealed record StreamHead(string? Id, string? ModelId, DateTimeOffset? CreatedAt)
{
    /// <summary>Makes the update that brings a piece of text.</summary>
    public ChatResponseUpdate ToUpdate(string text) => new(ChatRole.Assistant, text)
    {
        ResponseId = Id,
        MessageId = Id,
        ModelId = ModelId,
        CreatedAt = CreatedAt,
    };
}
