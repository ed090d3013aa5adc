using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk;

/// <summary>What of a conversation had to be changed or left out for the model that answered, because another provider wrote it.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<LlmHistoryRepairs>))]
public enum LlmHistoryRepairs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reasoning that another provider has signed was left out: only its author takes it back.</summary>
    ReasoningDropped = 1 << 0,

    /// <summary>Tool calls and their results go under other identifiers, the same for both: the provider refuses those of another one.</summary>
    ToolCallsRenamed = 1 << 1,

    /// <summary>Parts of earlier answers that can't be sent to a model were left out: images, errors, calls that a provider had made by itself.</summary>
    PartsDropped = 1 << 2,
}
