using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Whether a model must keep to a schema exactly, and the schemas in the form that this requires.</summary>
/// <remarks>
/// Set by the additional property <c>strict</c> or <c>strictJsonSchema</c> (as Microsoft's OpenAI client calls it) of a tool or of the options.
/// OpenAI then wants every property required and no others allowed. The transformed schemas are kept with the tool.
/// </remarks>
internal static class Strictness
{
    private static readonly AIJsonSchemaTransformCache Schemas = new(new()
    {
        DisallowAdditionalProperties = true,
        ConvertBooleanSchemas = true,
        MoveDefaultKeywordToDescription = true,
        RequireAllProperties = true,
    });

    public static bool IsKey(string name) => name is "strict" or "strictJsonSchema";

    public static bool? Of(IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is null || properties.Count == 0)
        {
            return null;
        }

        return (properties.TryGetValue("strict", out object? value) || properties.TryGetValue("strictJsonSchema", out value)) && value is bool isStrict
            ? isStrict
            : null;
    }

    public static JsonElement SchemaOf(AIFunctionDeclaration tool) => Schemas.GetOrCreateTransformedSchema(tool);

    public static JsonElement SchemaOf(ChatResponseFormatJson format) => Schemas.GetOrCreateTransformedSchema(format)!.Value;
}
