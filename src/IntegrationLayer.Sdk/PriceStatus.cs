using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk;

/// <summary>How far an amount of money can be trusted, from the most to the least.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PriceStatus>))]
public enum PriceStatus
{
    /// <summary>Known to cost nothing.</summary>
    Free = 0,

    /// <summary>The provider's own token counts at known prices.</summary>
    Exact,

    /// <summary>Token counts estimated by the SDK at known prices.</summary>
    Estimated,

    /// <summary>The most that it can have cost: the provider reported nothing.</summary>
    UpperBound,

    /// <summary>A price is missing.</summary>
    Unknown,
}
