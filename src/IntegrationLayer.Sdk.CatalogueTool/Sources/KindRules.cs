using System.Text.RegularExpressions;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Tells from a model's name what it is for, where the source doesn't say.</summary>
internal static partial class KindRules
{
    /// <summary>Guesses; a name that says nothing is a chat model's.</summary>
    public static ModelKind Guess(string name)
    {
        ReadOnlySpan<char> bare = name.AsSpan(name.LastIndexOf('/') + 1);
        return Embedding().IsMatch(bare) ? ModelKind.Embedding
            : Rerank().IsMatch(bare) ? ModelKind.Rerank
            : Realtime().IsMatch(bare) ? ModelKind.Realtime
            : Moderation().IsMatch(bare) ? ModelKind.Moderation
            : Ocr().IsMatch(bare) ? ModelKind.Ocr
            : Audio().IsMatch(bare) ? ModelKind.Audio
            : Video().IsMatch(bare) ? ModelKind.Video
            : Image().IsMatch(bare) ? ModelKind.Image
            : ModelKind.Chat;
    }

    [GeneratedRegex("embed|^voyage-(?!rerank)|^rerank-lite|(^|[-.])(bge-(?!rerank)|e5-|gte-)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Embedding();

    [GeneratedRegex("rerank", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rerank();

    [GeneratedRegex(@"realtime|-live(-|$)|nova-(2-)?sonic|grok-voice", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Realtime();

    [GeneratedRegex("moderation|llama-guard|content-safety|safeguard", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Moderation();

    [GeneratedRegex("(^|-)ocr(-|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ocr();

    [GeneratedRegex("whisper|transcri|(^|-)tts(-|$)|(^|-)stt(-|$)|orpheus|kokoro|lyria|playai", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Audio();

    [GeneratedRegex("^(sora|veo|kling|hailuo|seedance|wan-?[0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Video();

    [GeneratedRegex("^(dall-e|gpt-image|imagen|flux|seedream|recraft|stable-diffusion|chatgpt-image)|-image(-|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Image();
}
