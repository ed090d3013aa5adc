using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
        if (request.Options is { ConversationId: not null } or { RawRepresentationFactory: not null } or { ContinuationToken: not null })
        {
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", SchemaVersion);
            writer.WriteString("tenant", request.Context.TenantId);
            writer.WriteString("policy", request.RoutingPolicy);
            WriteRequirements(writer, request);
            WriteMessages(writer, request);
            WriteOptions(writer, request.Options);
            writer.WriteEndObject();
        }

        digest = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
        return true;
    }

    private static void WriteRequirements(Utf8JsonWriter writer, LlmRequest request)
    {
        writer.WriteStartArray("requirements");
        writer.WriteNumberValue((int)request.Requirements.Capabilities);
        Write(writer, request.Requirements.MaxInputPrice);
        Write(writer, request.Requirements.MaxOutputPrice);
        Write(writer, request.Requirements.MaxCost);
        Write(writer, request.Requirements.MaxLatency?.Ticks);
        writer.WriteNumberValue(request.Requirements.MinContextTokens);
        writer.WriteNumberValue(request.Requirements.MinQuality);
        foreach (string region in request.Requirements.Regions.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(region);
        }

        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, LlmRequest request)
    {
        JsonTypeInfo message = AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatMessage));
        writer.WriteStartArray("messages");
        foreach (ChatMessage item in request.Messages)
        {
            JsonSerializer.Serialize(writer, item, message);
        }

        writer.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions? options)
    {
        if (options is null)
        {
            return;
        }

        // The type's own contract leaves tools out.
        writer.WritePropertyName("options");
        JsonSerializer.Serialize(writer, options, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatOptions)));
        writer.WriteStartArray("tools");
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
