namespace IntegrationLayer.Sdk.Costing;

/// <summary>Token classes beyond text, prompt-cache reads and reasoning that a request may be billed for.</summary>
[Flags]
internal enum TokenKinds
{
    /// <summary>Text, prompt-cache reads and reasoning only.</summary>
    Text = 0,

    /// <summary>Writes to the prompt cache for its shortest time.</summary>
    CacheWrite = 1,

    /// <summary>Writes to the prompt cache for one hour.</summary>
    CacheWriteOneHour = 2,

    /// <summary>Audio in the input.</summary>
    AudioInput = 4,

    /// <summary>Audio in the output.</summary>
    AudioOutput = 8,

    /// <summary>Images in the input.</summary>
    ImageInput = 16,

    /// <summary>Images in the output.</summary>
    ImageOutput = 32,

    /// <summary>Every class.</summary>
    All = CacheWrite | CacheWriteOneHour | AudioInput | AudioOutput | ImageInput | ImageOutput,
}
