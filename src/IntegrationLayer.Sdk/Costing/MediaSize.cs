namespace IntegrationLayer.Sdk.Costing;

/// <summary>How much of a prompt is images, audio and documents, in the units of <see cref="TokenEstimate"/>.</summary>
internal readonly record struct MediaSize(int Images, int ImageTiles, int ImagePatches, int AudioSeconds, int Pages)
{
    private const int MostPatches = 1536;

    /// <summary>An image whose size can't be read, such as one behind an address: taken for a large one.</summary>
    public static MediaSize UnknownImage { get; } = new(1, 4, MostPatches, 0, 0);

    /// <summary>An image that the caller asked to be looked at in low resolution.</summary>
    public static MediaSize LowDetailImage { get; } = new(1, 0, 0, 0, 0);

    public static MediaSize operator +(in MediaSize left, in MediaSize right) => new(
        left.Images + right.Images,
        left.ImageTiles + right.ImageTiles,
        left.ImagePatches + right.ImagePatches,
        left.AudioSeconds + right.AudioSeconds,
        left.Pages + right.Pages);

    /// <summary>An image of known size.</summary>
    /// <remarks>
    /// Tiles as OpenAI's vision guide counts them for GPT-4o: scale down to fit 2048 by 2048 pixels, then to a shortest side of 768,
    /// then cover with squares of 512. Patches as it counts them for GPT-4.1-mini: squares of 32, at most 1,536.
    /// </remarks>
    public static MediaSize Image(int width, int height)
    {
        double fit = Math.Min(1, 2048.0 / Math.Max(width, height));
        fit = Math.Min(fit, 768.0 / Math.Min(width, height));
        int tiles = Squares(width * fit, 512) * Squares(height * fit, 512);
        long patches = (long)Squares(width, 32) * Squares(height, 32);
        return new MediaSize(1, tiles, (int)Math.Min(MostPatches, patches), 0, 0);
    }

    public static MediaSize Audio(long seconds) => new(0, 0, 0, (int)Math.Min(int.MaxValue / 2, Math.Max(1, seconds)), 0);

    public static MediaSize Document(long pages) => new(0, 0, 0, 0, (int)Math.Min(int.MaxValue / 2, Math.Max(1, pages)));

    private static int Squares(double pixels, int side) => Math.Max(1, (int)Math.Ceiling(pixels / side));
}
