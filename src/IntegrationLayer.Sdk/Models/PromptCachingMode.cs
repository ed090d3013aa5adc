namespace IntegrationLayer.Sdk.Models;

/// <summary>Whether the SDK marks the beginnings of prompts for providers that keep only what is marked: Anthropic, and Claude on Bedrock.</summary>
public enum PromptCachingMode
{
    /// <summary>A beginning is marked from the second time on that this process sends it within five minutes: what is asked once costs nothing more, what is asked again and again becomes cheaper.</summary>
    WhenRepeated,

    /// <summary>Every beginning that is long enough is marked. Writing one costs more than reading it uncached (a quarter, at Anthropic); each further use within five minutes a tenth.</summary>
    Always,

    /// <summary>Only what the application itself marks is marked.</summary>
    Off,
}
