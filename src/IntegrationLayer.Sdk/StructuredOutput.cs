using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Asks for answers of a type and reads them.</summary>
internal static class StructuredOutput
{
    // Providers want an object at the root; anything else is asked for as the one property of one.
    private const string Wrapper = "value";

    public static async Task<LlmResponse<T>> GetResponseAsync<T>(
        ILlmClient client, LlmRequest request, JsonSerializerOptions serializerOptions, CancellationToken cancellationToken)
    {
        Seal(serializerOptions);
        var contract = (JsonTypeInfo<T>)serializerOptions.GetTypeInfo(typeof(T));
        JsonElement schema = AIJsonUtilities.CreateJsonSchema(typeof(T), serializerOptions: serializerOptions, inferenceOptions: new AIJsonSchemaCreateOptions
        {
            TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true, RequireAllProperties = true, MoveDefaultKeywordToDescription = true },
        });
        bool isObject = schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("properties", out _);
        ChatOptions options = request.Options?.Clone() ?? new ChatOptions();
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(isObject ? schema : Wrap(schema), NameOf(typeof(T)));

        LlmResponse response = await client.GetResponseAsync(request with { Options = options }, cancellationToken).ConfigureAwait(false);
        return new LlmResponse<T>(Read(response, contract, isObject, schema), response);
    }

    // As the serializer itself does on first use: options that name no source of contracts take reflection, where there is any.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where reflection is enabled, which trimming and AOT switch off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where reflection is enabled, which trimming and AOT switch off.")]
    private static void Seal(JsonSerializerOptions options)
    {
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.MakeReadOnly(populateMissingResolver: true);
        }
        else
        {
            options.MakeReadOnly();
        }
    }

    // Whatever a type's converters and constructors throw, the answer is paid for and goes with the exception.
    private static T Read<T>(LlmResponse response, JsonTypeInfo<T> contract, bool isObject, JsonElement schema)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(response.Text);
            JsonElement root = isObject ? document.RootElement : document.RootElement.GetProperty(Wrapper);
            T value = root.Deserialize(contract) is { } read ? read : throw Unreadable<T>(response, "it is null", null);
            return new JsonSchemaCheck(schema).Accepts(root) ? value
                : throw Unreadable<T>(response, "its JSON isn't of the schema that was asked for: a property is missing, null or too much", null);
        }
        catch (Exception e) when (e is not LlmOutputException)
        {
            throw Unreadable<T>(response, document is null && e is JsonException syntax ? NotJson(syntax) : NotOfType(e, schema), e);
        }
        finally
        {
            document?.Dispose();
        }
    }

    private static LlmOutputException Unreadable<T>(LlmResponse response, string reason, Exception? inner)
    {
        string cure = response.Content.FinishReason == ChatFinishReason.Length ? " It was cut off: raise MaxOutputTokens." : "";
        return new LlmOutputException(
            $"The answer of '{response.Receipt.Deployment}' ({response.Text.Length} characters) can't be read as {typeof(T).Name}: {reason}.{cure}", response, inner)
        {
            Attempts = response.Receipt.Attempts,
            TraceId = response.Receipt.TraceId,
        };
    }

    private static string NotJson(JsonException e) =>
        FormattableString.Invariant($"it is not JSON, from byte {e.BytePositionInLine} of line {e.LineNumber + 1} on");

    // The reader's own message may quote the answer: only the place is told, and that only if its names are the type's.
    private static string NotOfType(Exception e, JsonElement schema) => e switch
    {
        JsonException { Path: { } path } when IsOfSchema(path, schema.GetRawText()) => $"its JSON doesn't fit the type at {path}",
        KeyNotFoundException => $"its JSON has no property '{Wrapper}'",
        _ => "its JSON doesn't fit the type",
    };

    private static bool IsOfSchema(string path, string schema) =>
        path.TrimStart('$').Split('.', '[', ']').All(name => name.All(char.IsAsciiDigit) || schema.Contains($"\"{name}\"", StringComparison.Ordinal));

    private static JsonElement Wrap(JsonElement schema)
    {
        JsonNode inner = JsonNode.Parse(schema.GetRawText())!;
        Rebase(inner);
        var wrapped = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [Wrapper] = inner },
            ["required"] = new JsonArray(JsonValue.Create(Wrapper)),
            ["additionalProperties"] = false,
        };
        using JsonDocument document = JsonDocument.Parse(wrapped.ToJsonString());
        return document.RootElement.Clone();
    }

    // A type that holds itself is referred to by its place in the document, which is now one level deeper.
    private static void Rebase(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((string name, JsonNode? value) in members.ToArray())
                {
                    if (name == "$ref" && value is JsonValue text && text.TryGetValue(out string? path) && path.StartsWith('#'))
                    {
                        members[name] = $"#/properties/{Wrapper}{path[1..]}";
                    }
                    else
                    {
                        Rebase(value);
                    }
                }

                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Rebase(item);
                }

                break;
        }
    }

    // The name may hold letters, digits, underscores and dashes, 64 at most.
    private static string NameOf(Type type)
    {
        string name = string.Concat(type.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length <= 64 ? name : name[..64];
    }
}
