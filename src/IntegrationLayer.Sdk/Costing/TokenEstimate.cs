namespace IntegrationLayer.Sdk.Costing;

/// <summary>What a request's input consists of, before it is known which model will read it.</summary>
public readonly record struct TokenEstimate
{
    /// <summary>Gets the tokens of all text, tool definitions and schemas included, in OpenAI's o200k_base tokenizer.</summary>
    public int Text { get; init; }

    /// <summary>Gets the number of images.</summary>
    public int Images { get; init; }

    /// <summary>Gets the 512-pixel squares that cover the images after scaling each to fit 2048 by 2048 pixels, then to a shortest side of 768.</summary>
    public int ImageTiles { get; init; }

    /// <summary>Gets the 32-pixel squares that cover the images, at most 1,536 of each.</summary>
    public int ImagePatches { get; init; }

    /// <summary>Gets the length of all audio, in seconds. A second of video counts as nine.</summary>
    public int AudioSeconds { get; init; }

    /// <summary>Gets the pages of documents such as PDF.</summary>
    public int Pages { get; init; }

    /// <summary>Gets a value indicating whether the request offers tools.</summary>
    public bool HasTools { get; init; }
}
