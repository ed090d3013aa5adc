using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Writes the options of a request down.</summary>
internal static class CanonicalOptions
{
    // Tools live longer than requests.
    private static readonly ConditionalWeakTable<AIFunctionDeclaration, byte[]> Schemas = [];

    public static void Add(FieldWriter input, ChatOptions? options)
    {
        input.Add(options is not null);
        if (options is null)
        {
            return;
        }

        AddSampling(input, options);
        AddFormat(input, options);
        AddTools(input, options);
        CanonicalJson.Add(input, options.AdditionalProperties);
        if (!KnownContract.Options)
        {
            CanonicalJson.Add(input, options, typeof(ChatOptions));
        }
    }

    private static void AddSampling(FieldWriter input, ChatOptions options)
    {
        input.Add(options.ModelId);
        input.Add(options.Instructions);
        input.Add(options.MaxOutputTokens);
        input.Add(options.TopK);
        input.Add(options.Seed);
        input.Add(options.Temperature);
        input.Add(options.TopP);
        input.Add(options.FrequencyPenalty);
        input.Add(options.PresencePenalty);
        input.Add(options.AllowBackgroundResponses);
    }

    private static void AddFormat(FieldWriter input, ChatOptions options)
    {
        CanonicalJson.Add(input, options.Reasoning, typeof(ReasoningOptions));
        input.Add((byte)(options.ResponseFormat is ChatResponseFormatJson ? 2 : options.ResponseFormat is null ? 0 : 1));
        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            input.Add(json.SchemaName);
            input.Add(json.SchemaDescription);
            input.Add(json.Schema.HasValue);
            if (json.Schema is { } schema)
            {
                CanonicalJson.Add(input, schema);
            }
        }

        IList<string>? stops = options.StopSequences;
        input.Add(stops?.Count ?? 0);
        for (int i = 0; i < stops?.Count; i++)
        {
            input.Add(stops[i]);
        }
    }

    private static void AddTools(FieldWriter input, ChatOptions options)
    {
        IList<AITool>? tools = options.Tools;
        input.Add(tools?.Count ?? 0);
        for (int i = 0; i < tools?.Count; i++)
        {
            var function = (AIFunctionDeclaration)tools[i];
            input.Add(function.Name);
            input.Add(function.Description);
            input.Add(Schemas.GetValue(function, Write));
            CanonicalJson.Add(input, function.AdditionalProperties);
        }

        input.Add(options.AllowMultipleToolCalls);
        input.Add(options.ToolMode is null);
        if (options.ToolMode is { } mode)
        {
            input.Add(mode.GetType().Name);
            input.Add((mode as RequiredChatToolMode)?.RequiredFunctionName);
        }
    }

    private static byte[] Write(AIFunctionDeclaration function)
    {
        var schema = new FieldWriter();
        CanonicalJson.Add(schema, function.JsonSchema);
        return schema.Written.ToArray();
    }
}
