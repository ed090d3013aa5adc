using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>What the cache did for one request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacheOutcome>))]
public enum CacheOutcome
{
    /// <summary>It wasn't asked.</summary>
    Bypassed = 0,

    /// <summary>It was asked and didn't have the answer.</summary>
    Miss,

    /// <summary>It had the answer to exactly this request.</summary>
    Hit,

    /// <summary>It had the answer, past its time, and gave it while the model is being asked anew.</summary>
    StaleHit,

    /// <summary>An identical request was being answered already: its answer was given to this one too.</summary>
    Coalesced,

    /// <summary>It had the answer to a question that asks the same in other words.</summary>
    SemanticHit,
}
