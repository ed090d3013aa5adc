namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The gateway answers in OpenAI's shape for every provider, with differences that cost money when they are missed.</summary>
internal enum Dialect
{
    /// <summary>Usage is streamed only when asked for, in a chunk of its own without choices.</summary>
    OpenAi,

    /// <summary><c>prompt_tokens</c> leaves cached tokens out; usage always comes with the finish reason.</summary>
    Anthropic,

    /// <summary>Every chunk carries the usage so far.</summary>
    Google,
}
