using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Finds the question in a request, if it has one that may be answered by the answer to another.</summary>
internal sealed class QuestionFinder(AnswerStore store, IOptions<SemanticCacheOptions> options)
{
    // Stands for the question in the digest of everything else.
    private const string Placeholder = "\uE000";

    /// <summary>Gets the partition in which a request's answers are learned from.</summary>
    public static LearnerKey LearnerOf(LlmRequest request, CacheScope scope) => new(
        (int)scope,
        scope is CacheScope.Shared ? null : request.Context.TenantId,
        scope is CacheScope.User ? request.Context.UserId : null);

    /// <summary>Finds the question.</summary>
    /// <returns><see langword="null"/> if the last message isn't the user's, or is more than a text; if the conversation is long, or tools have spoken in it.</returns>
    public SemanticQuestion? Find(LlmRequest request, CacheScope scope)
    {
        IReadOnlyList<ChatMessage> messages = request.Messages;
        ChatMessage last = messages[^1];
        if (request.Kind is not ModelKind.Chat
            || last.Role != ChatRole.User
            || last.Contents is not [TextContent { Text: { Length: > 0 } text }]
            || text.Length > options.Value.MaxQuestionLength
            || !IsShort(messages))
        {
            return null;
        }

        var placeholder = new ChatMessage(ChatRole.User, Placeholder) { AuthorName = last.AuthorName, AdditionalProperties = last.AdditionalProperties };
        LlmRequest everythingElse = request.With([.. messages.Take(messages.Count - 1), placeholder]);
        if (!store.TryRentKey(everythingElse, scope, out CacheKey? key))
        {
            return null;
        }

        string partition = key.Value;
        key.Return();
        return new SemanticQuestion(text, partition, LearnerOf(request, scope), request.Context);
    }

    private bool IsShort(IReadOnlyList<ChatMessage> messages)
    {
        int turns = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            turns += messages[i].Role == ChatRole.System ? 0 : 1;
            if (turns > options.Value.MaxTurns || messages[i].Contents.Any(static c => c is ToolCallContent or ToolResultContent))
            {
                return false;
            }
        }

        return true;
    }
}
