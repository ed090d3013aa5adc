using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>
/// Writes everything about a request that may change its answer, in one order, and digests it. Left out are only: who asks (except the
/// tenant, which is the partition), trace ids, deadlines and the operation's name; how the answer is delivered; the conversation id, a
/// request with which isn't cached at all.
/// </summary>
internal static class CanonicalRequest
{
    private const byte SchemaVersion = 1;

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

        using var buffer = JsonBuffer.Rent();
        try
        {
            Write(buffer.Writer, request);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.Written, hash);
        digest = Convert.ToHexStringLower(hash);
        return true;
    }

    private static void Write(Utf8JsonWriter writer, LlmRequest request)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, SchemaVersion);
        writer.WriteString("tenant"u8, request.Context.TenantId);
        writer.WriteString("policy"u8, request.RoutingPolicy);
        WriteRequirements(writer, request);
        WriteMessages(writer, request);
        WriteOptions(writer, request.Options);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteRequirements(Utf8JsonWriter writer, LlmRequest request)
    {
        writer.WriteStartArray("requirements"u8);
        writer.WriteNumberValue((int)request.Requirements.Capabilities);
        Write(writer, request.Requirements.MaxInputPrice);
        Write(writer, request.Requirements.MaxOutputPrice);
        Write(writer, request.Requirements.MaxCost);
        Write(writer, request.Requirements.MaxLatency?.Ticks);
        writer.WriteNumberValue(request.Requirements.MinContextTokens);
        writer.WriteNumberValue(request.Requirements.MinQuality);
        if (request.Requirements.Regions.Count > 0)
        {
            foreach (string region in request.Requirements.Regions.Order(StringComparer.Ordinal))
            {
                writer.WriteStringValue(region);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, LlmRequest request)
    {
        writer.WriteStartArray("messages"u8);
        IReadOnlyList<ChatMessage> messages = request.Messages;
        for (int i = 0; i < messages.Count; i++)
        {
            if (IsPlain(messages[i]))
            {
                WritePlain(writer, messages[i]);
            }
            else
            {
                JsonSerializer.Serialize(writer, messages[i], AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatMessage)));
            }
        }

        writer.WriteEndArray();
    }

    // Messages that are a role and texts are nearly all. They are written under names that the type's own contract doesn't use.
    private static bool IsPlain(ChatMessage message) =>
        KnownContract.Messages
        && message is { AuthorName: null, CreatedAt: null, MessageId: null, AdditionalProperties: null or { Count: 0 } }
        && PlainText.IsAll(message.Contents);

    private static void WritePlain(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("by"u8, message.Role.Value);
        writer.WriteStartArray("texts"u8);
        IList<AIContent> contents = message.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            writer.WriteStringValue(((TextContent)contents[i]).Text);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions? options)
    {
        if (options is null)
        {
            return;
        }

        if (IsPlain(options))
        {
            WritePlain(writer, options);
        }
        else
        {
            writer.WritePropertyName("options"u8);
            JsonSerializer.Serialize(writer, options, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatOptions)));
        }

        // The type's own contract leaves tools out.
        writer.WriteStartArray("tools"u8);
        foreach (AITool tool in options.Tools ?? [])
        {
            writer.WriteStringValue(tool.Name);
            writer.WriteStringValue(tool.Description);
            if (tool is AIFunctionDeclaration function)
            {
                function.JsonSchema.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }

    // Options that are a model's name and numbers; the rest was refused, is written apart, or needs the type's own contract.
    private static bool IsPlain(ChatOptions options) =>
        KnownContract.Options
        && options is
        {
            Reasoning: null, ResponseFormat: null, ToolMode: null, StopSequences: null or { Count: 0 },
            AllowMultipleToolCalls: null, AllowBackgroundResponses: null, AdditionalProperties: null or { Count: 0 },
        };

    private static void WritePlain(Utf8JsonWriter writer, ChatOptions options)
    {
        writer.WriteStartArray("plain"u8);
        writer.WriteStringValue(options.ModelId);
        writer.WriteStringValue(options.Instructions);
        Write(writer, options.MaxOutputTokens);
        Write(writer, options.TopK);
        Write(writer, options.Seed);
        Write(writer, options.Temperature);
        Write(writer, options.TopP);
        Write(writer, options.FrequencyPenalty);
        Write(writer, options.PresencePenalty);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void Write(Utf8JsonWriter writer, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void Write(Utf8JsonWriter writer, decimal? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
