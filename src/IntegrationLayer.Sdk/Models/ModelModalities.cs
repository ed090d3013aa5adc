using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Models;

/// <summary>Kinds of content that a model reads or writes.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<ModelModalities>))]
public enum ModelModalities
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Text.</summary>
    Text = 1 << 0,

    /// <summary>Still images.</summary>
    Image = 1 << 1,

    /// <summary>Audio.</summary>
    Audio = 1 << 2,

    /// <summary>Video.</summary>
    Video = 1 << 3,

    /// <summary>PDF files.</summary>
    Pdf = 1 << 4,

    /// <summary>Vectors (embeddings).</summary>
    Vector = 1 << 5,

    /// <summary>Numbers: relevance or probability.</summary>
    Score = 1 << 6,
}
