namespace IntegrationLayer.Sdk.Costing;

/// <summary>How a model counts its input: turns a <see cref="TokenEstimate"/> into the model's tokens.</summary>
public readonly record struct TokenScale
{
    /// <summary>Creates the scale of a model that reads text only and counts like o200k_base.</summary>
    public TokenScale()
    {
    }

    /// <summary>Gets the model's tokens per thousand tokens of o200k_base. Default 1000.</summary>
    public int TextPermille { get; init; } = 1000;

    /// <summary>Gets the tokens of each image, whatever its size.</summary>
    public int PerImage { get; init; }

    /// <summary>Gets the tokens per 512-pixel tile.</summary>
    public int PerImageTile { get; init; }

    /// <summary>Gets the tokens per thousand 32-pixel patches.</summary>
    public int PatchPermille { get; init; }

    /// <summary>Gets the tokens per second of audio.</summary>
    public int PerAudioSecond { get; init; }

    /// <summary>Gets the tokens per page of a document.</summary>
    public int PerPage { get; init; }

    /// <summary>Gets the tokens that the provider adds when a request offers tools.</summary>
    public int Tools { get; init; }

    /// <summary>Computes the model's input tokens.</summary>
    /// <param name="estimate">What the input consists of.</param>
    /// <returns>The number of tokens, rounded up.</returns>
    public long Tokens(in TokenEstimate estimate)
    {
        long tokens = PerThousand(estimate.Text, TextPermille) + (estimate.HasTools ? Tools : 0);
        return estimate.Images + estimate.AudioSeconds + estimate.Pages == 0 ? tokens : tokens + MediaTokens(estimate);
    }

    /// <summary>Scales a count of text tokens, such as that of an answer.</summary>
    /// <param name="text">Tokens of o200k_base.</param>
    /// <returns>The model's tokens, rounded up.</returns>
    public long TextTokens(int text) => PerThousand(text, TextPermille);

    private static long PerThousand(int count, int permille) => (((long)count * permille) + 999) / 1000;

    private long MediaTokens(in TokenEstimate estimate) =>
        ((long)estimate.Images * PerImage)
        + ((long)estimate.ImageTiles * PerImageTile)
        + PerThousand(estimate.ImagePatches, PatchPermille)
        + ((long)estimate.AudioSeconds * PerAudioSecond)
        + ((long)estimate.Pages * PerPage);
}
