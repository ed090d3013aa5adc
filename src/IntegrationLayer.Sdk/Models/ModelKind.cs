using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Models;

/// <summary>What a model is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelKind>))]
public enum ModelKind
{
    /// <summary>Answers conversations.</summary>
    Chat = 0,

    /// <summary>Turns text into vectors.</summary>
    Embedding,

    /// <summary>Makes images.</summary>
    Image,

    /// <summary>Makes or transcribes speech.</summary>
    Audio,

    /// <summary>Makes video.</summary>
    Video,

    /// <summary>Orders documents by relevance.</summary>
    Rerank,

    /// <summary>Judges content.</summary>
    Moderation,

    /// <summary>Talks over a live connection.</summary>
    Realtime,

    /// <summary>Reads text off documents.</summary>
    Ocr,
}
