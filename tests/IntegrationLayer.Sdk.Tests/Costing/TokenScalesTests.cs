using IntegrationLayer.Sdk.Costing;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class TokenScalesTests
{
    [TestCase("gpt-4o", 1000)]
    [TestCase("gpt-4o-mini-2024-07-18", 1000)]
    [TestCase("openai/gpt-oss-120b", 1000)]
    [TestCase("gpt-4-turbo", 1150)]
    [TestCase("o3-mini", 1000)]
    [TestCase("openai/o1", 1000)]
    [TestCase("anthropic.claude-3-5-sonnet-20241022-v2:0", 1350)]
    [TestCase("claude-opus-4-7", 1600)]
    [TestCase("gemini-2.5-pro", 1200)]
    [TestCase("meta-llama/Llama-3.3-70B-Instruct", 1250)]
    [TestCase("Qwen/Qwen3-32B", 1250)]
    [TestCase("deepseek-chat", 1250)]
    [TestCase("mistral-large-latest", 1300)]
    [TestCase("olmo-2", 1300)]
    [TestCase("o", 1300)]
    public void Family_decides_the_factor_of_text(string model, int permille) =>
        Assert.That(TokenScales.For(model).TextPermille, Is.EqualTo(permille));

    // 765 and 25,501 for GPT-4o and its mini: the example of OpenAI's vision guide, a square of 1024 pixels.
    [TestCase("gpt-4o", 765)]
    [TestCase("gpt-4o-mini", 25_501)]
    [TestCase("gpt-4.1-mini", 1_659)]
    [TestCase("gemini-2.5-flash", 1_032)]
    [TestCase("claude-3-5-sonnet", 1_399)]
    public void Image_of_1024_pixels_costs_what_the_guides_say(string model, long tokens)
    {
        MediaSize image = MediaSize.Image(1024, 1024);
        TokenEstimate estimate = new() { Images = 1, ImageTiles = image.ImageTiles, ImagePatches = image.ImagePatches };

        Assert.That(TokenScales.For(model).Tokens(estimate), Is.EqualTo(tokens));
    }

    [Test]
    public void Tokens_add_text_tools_audio_and_pages()
    {
        TokenScale scale = new() { TextPermille = 1500, Tools = 100, PerAudioSecond = 10, PerPage = 1_000 };

        Assert.That(scale.Tokens(new TokenEstimate { Text = 3 }), Is.EqualTo(5));
        Assert.That(scale.Tokens(new TokenEstimate { Text = 3, HasTools = true, AudioSeconds = 2, Pages = 2 }), Is.EqualTo(5 + 100 + 20 + 2_000));
    }

    [Test]
    public void Plain_scale_counts_like_the_tokenizer() => Assert.That(new TokenScale().TextTokens(7), Is.EqualTo(7));
}
