namespace IntegrationLayer.Sdk.Costing;

/// <summary>How the known families of models count, found by the model's name.</summary>
/// <remarks>
/// The factors of text were measured against o200k_base on English prose, C#, Python, JSON and nine other languages (docs/cost.md has
/// the table); each is at or above what was measured for English and code, and near the middle for the other European languages.
/// Claude's and Mistral's tokenizers are not published, so theirs are assumptions. Image, audio and page figures are those of the
/// providers' own guides, where they have one.
/// </remarks>
internal static class TokenScales
{
    private const int LargePage = 4_500;
    private const int Page = 1_600;

    /// <summary>A model of which nothing is known: high on every count.</summary>
    public static readonly TokenScale Unknown = new()
    {
        TextPermille = 1300,
        PatchPermille = 1400,
        PerAudioSecond = 32,
        PerPage = Page,
        Tools = 50,
    };

    // OpenAI's vision guide: 85 tokens an image and 170 a tile for GPT-4o, 4.1, 4.5; slightly less for the o series and GPT-5.
    private static readonly TokenScale OpenAI = new()
    {
        TextPermille = 1000,
        PerImage = 85,
        PerImageTile = 170,
        PerAudioSecond = 10,
        PerPage = Page,
        Tools = 12,
    };

    // Anthropic's vision guide: pixels / 750, which is 1.366 per 32-pixel patch; its tool guide: 313 to 346 tokens when tools are offered;
    // its PDF guide: 1,500 to 3,000 tokens of text a page and the page as an image.
    private static readonly TokenScale Claude = new()
    {
        TextPermille = 1350,
        PatchPermille = 1366,
        PerAudioSecond = 32,
        PerPage = LargePage,
        Tools = 346,
    };

    // Anthropic on Opus 4.7: up to 1.35 times the tokens of 4.6 for the same text, and images of up to 3.75 instead of 1.15 megapixels.
    private static readonly TokenScale NewClaude = Claude with { TextPermille = 1600, PatchPermille = 3 * 1366 };

    // Google's token guide: 258 tokens per image tile and per page, 32 per second of audio.
    private static readonly TokenScale Gemini = new()
    {
        TextPermille = 1200,
        PerImageTile = 258,
        PerAudioSecond = 32,
        PerPage = 258,
        Tools = 50,
    };

    // In the order in which they are tried: the first whose text occurs in the model's name applies.
    private static readonly (string Part, TokenScale Scale)[] Families =
    [
        ("gpt-4o-mini", OpenAI with { PerImage = 2833, PerImageTile = 5667 }),
        ("gpt-3.5", OpenAI with { TextPermille = 1150 }),
        ("gpt-4-", OpenAI with { TextPermille = 1150 }),
        ("gpt-oss", OpenAI with { PatchPermille = 1400, PerImage = 0, PerImageTile = 0 }),
        ("gpt-4.1-mini", OpenAI with { PatchPermille = 1620, PerImage = 0, PerImageTile = 0 }),
        ("gpt-4.1-nano", OpenAI with { PatchPermille = 2460, PerImage = 0, PerImageTile = 0 }),
        ("gpt-5-mini", OpenAI with { PatchPermille = 1620, PerImage = 0, PerImageTile = 0 }),
        ("gpt-5-nano", OpenAI with { PatchPermille = 2460, PerImage = 0, PerImageTile = 0 }),
        ("o4-mini", OpenAI with { PatchPermille = 1720, PerImage = 0, PerImageTile = 0 }),
        ("gpt-", OpenAI),
        ("chatgpt", OpenAI),
        ("text-embedding-", OpenAI with { TextPermille = 1150 }),
        ("claude-opus-4-7", NewClaude),
        ("claude-opus-4-8", NewClaude),
        ("claude-opus-5", NewClaude),
        ("claude-sonnet-5", NewClaude),
        ("claude-haiku-5", NewClaude),
        ("claude-fable", NewClaude),
        ("claude-mythos", NewClaude),
        ("claude", Claude),
        ("gemini-3", Gemini with { PerImage = 1120, PerImageTile = 0, PerPage = 560 }),
        ("gemini", Gemini),
        ("gemma", Gemini),
        ("llama", Unknown with { TextPermille = 1250 }),
        ("qwen", Unknown with { TextPermille = 1250 }),
        ("qwq", Unknown with { TextPermille = 1250 }),
        ("deepseek", Unknown with { TextPermille = 1250 }),
    ];

    /// <summary>Finds the scale of a model.</summary>
    /// <param name="model">The model's identifier, with or without a vendor in front of it.</param>
    /// <returns>The scale of its family; <see cref="Unknown"/> when the name says nothing.</returns>
    public static TokenScale For(string model)
    {
        foreach ((string part, TokenScale scale) in Families)
        {
            if (model.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return scale;
            }
        }

        // o1, o3 and their variants have names too short to be looked for inside others.
        ReadOnlySpan<char> name = model.AsSpan(model.LastIndexOf('/') + 1);
        return name.Length >= 2 && name[0] is 'o' && char.IsAsciiDigit(name[1]) ? OpenAI : Unknown;
    }
}
