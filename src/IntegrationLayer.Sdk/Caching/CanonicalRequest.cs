using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Writes everything about a request that may change its answer, in one order. Left out are only: who asks (except what makes the
/// partition), trace ids, deadlines and the operation's name; how the answer is delivered; the conversation id, a request with which isn't
/// cached at all.
/// </summary>
internal static class CanonicalRequest
{
    /// <summary>The version of the writing: keys of another one name nothing.</summary>
    public const byte SchemaVersion = 3;

    /// <summary>Writes a request down.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scope">Who may be given the same answer.</param>
    /// <param name="input">Takes it.</param>
    /// <returns><see langword="false"/> for a request whose answer depends on something that can't be written down.</returns>
    public static bool TryWrite(LlmRequest request, CacheScope scope, FieldWriter input)
    {
        if (request.Options is { ConversationId: not null } or { RawRepresentationFactory: not null } or { ContinuationToken: not null }
            || HasHostedTools(request.Options?.Tools)
            || (scope is CacheScope.User && request.Context.UserId is null))
        {
            return false;
        }

        try
        {
            input.Add(SchemaVersion);
            AddPartition(input, request.Context, scope);
            input.Add((byte)request.Kind);
            input.Add(request.RoutingPolicy);
            AddRequirements(input, request.Requirements);
            CanonicalMessages.Add(input, request.Messages);
            CanonicalOptions.Add(input, request.Options);
            return true;
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    // Tools that the provider runs (a store of files, a remote server) have settings of their own, and effects.
    private static bool HasHostedTools(IList<AITool>? tools)
    {
        for (int i = 0; i < tools?.Count; i++)
        {
            if (tools[i] is not AIFunctionDeclaration)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddPartition(FieldWriter input, LlmRequestContext context, CacheScope scope)
    {
        input.Add((byte)scope);
        if (scope is not CacheScope.Shared)
        {
            input.Add(context.TenantId);
        }

        if (scope is CacheScope.User)
        {
            input.Add(context.UserId);
        }
    }

    private static void AddRequirements(FieldWriter input, ModelRequirements requirements)
    {
        input.Add((long)requirements.Capabilities);
        input.Add(requirements.MaxInputPrice);
        input.Add(requirements.MaxOutputPrice);
        input.Add(requirements.MaxCost);
        input.Add(requirements.MaxLatency?.Ticks);
        input.Add(requirements.MinContextTokens);
        input.Add(requirements.MinQuality);
        input.Add(requirements.Regions.Count);
        if (requirements.Regions.Count > 0)
        {
            foreach (string region in requirements.Regions.Order(StringComparer.Ordinal))
            {
                input.Add(region);
            }
        }
    }
}
