using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Writes everything about a request that may change its answer, in one order, and digests it. Left out are only: who asks (except the
/// tenant, which is the partition), trace ids, deadlines and the operation's name; how the answer is delivered; the conversation id, a
/// request with which isn't cached at all.
/// </summary>
internal static class CanonicalRequest
{
    private const byte SchemaVersion = 2;

    /// <summary>Tells what is written member by member from what is written as JSON.</summary>
    private enum Form : byte
    {
        None,
        Plain,
        Json,
    }

    /// <summary>Digests a request.</summary>
    /// <returns><see langword="false"/> for a request whose answer depends on something that can't be written down.</returns>
    public static bool TryDigest(LlmRequest request, [NotNullWhen(true)] out string? digest)
    {
        digest = null;
        if (request.Options is { ConversationId: not null } or { RawRepresentationFactory: not null } or { ContinuationToken: not null }
            || request.Options?.Tools?.Any(static tool => tool is not AIFunctionDeclaration) is true)
        {
            // Tools that the provider runs (a store of files, a remote server) have settings of their own.
            return false;
        }

        using var input = DigestInput.Rent();
        try
        {
            input.Add(SchemaVersion);
            input.Add(request.Context.TenantId);
            input.Add(request.RoutingPolicy);
            AddRequirements(input, request.Requirements);
            AddMessages(input, request.Messages);
            AddOptions(input, request.Options);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }

        digest = input.Digest();
        return true;
    }

    private static void AddRequirements(DigestInput input, ModelRequirements requirements)
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

    private static void AddMessages(DigestInput input, IReadOnlyList<ChatMessage> messages)
    {
        input.Add(messages.Count);
        for (int i = 0; i < messages.Count; i++)
        {
            if (IsPlain(messages[i]))
            {
                AddPlain(input, messages[i]);
            }
            else
            {
                AddJson(input, messages[i], typeof(ChatMessage));
            }
        }
    }

    // Messages that are a role and texts: nearly all.
    private static bool IsPlain(ChatMessage message) =>
        KnownContract.Messages
        && message is { AuthorName: null, CreatedAt: null, MessageId: null, AdditionalProperties: null or { Count: 0 } }
        && PlainText.IsAll(message.Contents);

    private static void AddPlain(DigestInput input, ChatMessage message)
    {
        IList<AIContent> contents = message.Contents;
        input.Add(Form.Plain);
        input.Add(message.Role.Value);
        input.Add(contents.Count);
        for (int i = 0; i < contents.Count; i++)
        {
            input.Add(((TextContent)contents[i]).Text);
        }
    }

    private static void AddOptions(DigestInput input, ChatOptions? options)
    {
        if (options is null)
        {
            input.Add(Form.None);
            return;
        }

        if (IsPlain(options))
        {
            AddPlain(input, options);
        }
        else
        {
            AddJson(input, options, typeof(ChatOptions));
        }

        AddTools(input, options.Tools);
    }

    // Options that are names and numbers; the rest was refused, is written apart, or needs the type's own contract.
    private static bool IsPlain(ChatOptions options) =>
        KnownContract.Options
        && options is
        {
            Reasoning: null, ResponseFormat: null, ToolMode: null, StopSequences: null or { Count: 0 },
            AllowMultipleToolCalls: null, AllowBackgroundResponses: null, AdditionalProperties: null or { Count: 0 },
        };

    private static void AddPlain(DigestInput input, ChatOptions options)
    {
        input.Add(Form.Plain);
        input.Add(options.ModelId);
        input.Add(options.Instructions);
        input.Add(options.MaxOutputTokens);
        input.Add(options.TopK);
        input.Add(options.Seed);
        input.Add(options.Temperature);
        input.Add(options.TopP);
        input.Add(options.FrequencyPenalty);
        input.Add(options.PresencePenalty);
    }

    // The options' own contract leaves tools out.
    private static void AddTools(DigestInput input, IList<AITool>? tools)
    {
        input.Add(tools?.Count ?? 0);
        foreach (AITool tool in tools ?? Array.Empty<AITool>())
        {
            input.Add(tool.Name);
            input.Add(tool.Description);
            input.Add(tool is AIFunctionDeclaration function ? JsonMarshal.GetRawUtf8Value(function.JsonSchema) : []);
        }
    }

    private static void AddJson(DigestInput input, object value, Type type)
    {
        using var json = JsonBuffer.Rent();
        JsonSerializer.Serialize(json.Writer, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(type));
        json.Writer.Flush();
        input.Add(Form.Json);
        input.Add(json.Written);
    }
}
