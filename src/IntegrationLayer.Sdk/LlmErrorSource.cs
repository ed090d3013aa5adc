using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk;

/// <summary>Who said no: whose limit or fault a failure is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmErrorSource>))]
public enum LlmErrorSource
{
    /// <summary>The SDK: its own limits and checks.</summary>
    Sdk = 0,

    /// <summary>The Portkey gateway.</summary>
    Gateway,

    /// <summary>The model's provider.</summary>
    Provider,
}
