using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>What the provider says has answered: it may be another model or service tier than was asked for, at another price.</summary>
/// <param name="Model">The model.</param>
/// <param name="Extras">What else the answer said about itself.</param>
internal readonly record struct Served(string? Model, AdditionalPropertiesDictionary? Extras)
{
    /// <summary>The name under which answers tell their service tier.</summary>
    public const string ServiceTierKey = "service_tier";

    private const int LongestTier = 64;

    /// <summary>Gets why the model stopped, if it said so.</summary>
    public ChatFinishReason? FinishReason { get; init; }

    /// <summary>Gets the service tier, such as <c>flex</c> or <c>priority</c>. What is no word, such as a number, names none.</summary>
    public string? ServiceTier => Extras?.TryGetValue(ServiceTierKey, out object? tier) is true ? Word(tier) : null;

    // What a client of another library makes of it may be a type of its own, written as the word.
    private static string? Word(object? tier)
    {
        string? text = tier switch
        {
            null or bool => null,
            JsonElement json => json.ValueKind is JsonValueKind.String ? json.GetString() : null,
            _ => tier.ToString(),
        };
        return text is { Length: > 0 and <= LongestTier } && char.IsAsciiLetter(text[0]) ? text : null;
    }
}
