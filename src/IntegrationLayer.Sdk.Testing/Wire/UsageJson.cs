using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The <c>usage</c> member in each dialect.</summary>
internal static class UsageJson
{
    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter json, FakePortkeyUsage usage, Dialect dialect)
    {
        int prompt = dialect == Dialect.Anthropic ? usage.InputTokens - usage.CachedTokens - usage.CacheWriteTokens : usage.InputTokens;
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        if (dialect == Dialect.Anthropic)
        {
            json.WriteNumber("cache_read_input_tokens", usage.CachedTokens);
            json.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens);
        }

        json.WriteNumber("completion_tokens", usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        json.WriteEndObject();
        if (dialect != Dialect.Anthropic)
        {
            json.WriteStartObject("completion_tokens_details");
            json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
