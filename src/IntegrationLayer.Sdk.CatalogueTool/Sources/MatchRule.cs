using System.Text.Json;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>A rule of @pydantic/genai-prices that says which names a model goes by.</summary>
/// <remarks>Used to bring rows together whose prices agree anyway; an alias that users can look up comes from <c>equals</c> only.</remarks>
internal sealed class MatchRule
{
    private readonly string _operator;
    private readonly string _text;
    private readonly MatchRule[] _rules;

    private MatchRule(string @operator, string text, MatchRule[] rules)
    {
        _operator = @operator;
        _text = text;
        _rules = rules;
    }

    /// <summary>Reads a rule. One with an operator that isn't known matches nothing.</summary>
    public static MatchRule Read(JsonElement rule)
    {
        foreach (JsonProperty property in rule.EnumerateObject())
        {
            return property.Value.ValueKind == JsonValueKind.Array
                ? new MatchRule(property.Name, "", [.. property.Value.EnumerateArray().Select(Read)])
                : new MatchRule(property.Name, property.Value.ToString(), []);
        }

        return new MatchRule("", "", []);
    }

    /// <summary>Says whether a name is the model's.</summary>
    public bool Matches(string name) => _operator switch
    {
        "equals" => string.Equals(name, _text, StringComparison.OrdinalIgnoreCase),
        "starts_with" => name.StartsWith(_text, StringComparison.OrdinalIgnoreCase),
        "ends_with" => name.EndsWith(_text, StringComparison.OrdinalIgnoreCase),
        "contains" => name.Contains(_text, StringComparison.OrdinalIgnoreCase),
        "or" => Array.Exists(_rules, rule => rule.Matches(name)),
        "and" => _rules.Length > 0 && Array.TrueForAll(_rules, rule => rule.Matches(name)),
        _ => false,
    };

    /// <summary>Gets the names that the rule gives in full.</summary>
    public IEnumerable<string> FullNames() => _operator switch
    {
        "equals" => [_text],
        "or" => _rules.SelectMany(rule => rule.FullNames()),
        _ => [],
    };
}
