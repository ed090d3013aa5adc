using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Providers of other formats. The same consumption must come to the same tokens and the same money, however it is reported.</summary>
public sealed class ProviderTests : SdkTest
{
    [TestCase("openai", false)]
    [TestCase("openai", true)]
    [TestCase("google", false)]
    [TestCase("google", true)]
    public async Task Cached_and_reasoning_tokens_are_counted_once(string provider, bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer
        {
            Chunks = ["Bon", "jour"],
            Usage = new ProviderUsage(12, 6) { CacheReadTokens = 5, ReasoningTokens = 2 },
        }));

        (string text, LlmReceipt receipt) = await Open(provider).AskAsync(Ask(), isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("Bonjour"));
            Assert.That(receipt.Tokens, Is.EqualTo(new TokenUsage { Input = 12, CacheRead = 5, Output = 4, Reasoning = 2 }));
            Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.0245m, PriceStatus.Exact)), "12 at 0.001, 5 at 0.0001 and 6 at 0.002 USD");
        }
    }

    [Test]
    public async Task Anthropics_cache_tokens_are_counted_beside_the_input([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer
        {
            Chunks = ["Bon", "jour"],
            Usage = new ProviderUsage(12, 6) { CacheReadTokens = 5, CacheWriteTokens = 4 },
        }));

        (string text, LlmReceipt receipt) = await Open("anthropic").AskAsync(Ask(), isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("Bonjour"));
            Assert.That(receipt.Tokens, Is.EqualTo(new TokenUsage { Input = 12, CacheRead = 5, CacheWrite = 4, Output = 6 }));
            Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.0295m, PriceStatus.Exact)), "12 at 0.001, 5 at 0.0001, 4 at 0.00125 and 6 at 0.002 USD");
        }
    }

    [Test]
    public async Task Anthropic_is_asked_in_its_own_format_with_a_cap()
    {
        LlmRequest request = new([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, "Hi")]);

        await Open("anthropic").Client.GetResponseAsync(request);
        RecordedRequest seen = await SeenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Endpoint, Is.EqualTo("/v1/messages"));
            Assert.That(seen.Headers["x-api-key"], Is.EqualTo(Key));
            Assert.That(seen.Property("system")?[0].GetProperty("text").GetString(), Is.EqualTo("Be brief."));
            Assert.That(seen.Property("max_tokens")?.GetInt32(), Is.EqualTo(1_000), "The deployment's longest answer: Anthropic wants a cap.");
        }
    }

    [Test]
    public async Task Anthropic_gets_marks_where_the_prompt_stays_the_same([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer { Chunks = ["Bon", "jour"], Usage = new ProviderUsage(12, 6) { CacheReadTokens = 1_500 } }));
        SdkHost host = Open(options =>
        {
            options.MaxAttempts = 1;
            options.PromptCaching = PromptCachingMode.Always;
            DeploymentOptions deployment = Add(options, Main, "anthropic");
            (deployment.ContextTokens, deployment.CacheReadPrice) = (100_000, 0.1m);
        });
        LlmRequest request = new(
        [
            new ChatMessage(ChatRole.System, string.Concat(Enumerable.Repeat("Be brief. ", 600))),
            new ChatMessage(ChatRole.User, "Hi"),
            new ChatMessage(ChatRole.Assistant, "Hello"),
            new ChatMessage(ChatRole.User, "And?"),
        ])
        {
            Options = new ChatOptions { Tools = [AIFunctionFactory.Create(static () => 1, "f")] },
        };

        (_, LlmReceipt receipt) = await host.AskAsync(request, isStreamed);
        RecordedRequest seen = await SeenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Property("system")?[0].GetProperty("cache_control").GetProperty("type").GetString(), Is.EqualTo("ephemeral"));
            Assert.That(seen.Property("tools")?[0].GetProperty("cache_control").GetProperty("type").GetString(), Is.EqualTo("ephemeral"));
            Assert.That(seen.Property("messages")?[0].GetProperty("content")[0].GetProperty("cache_control").GetProperty("type").GetString(), Is.EqualTo("ephemeral"));
            Assert.That(seen.Property("messages")?[2].GetRawText(), Does.Not.Contain("cache_control"));
            Assert.That(receipt.Tokens.CacheRead, Is.EqualTo(1_500));
            Assert.That(receipt.Saving?.PromptCacheUsd, Is.GreaterThan(0m));
        }
    }

    [Test]
    public async Task Google_is_asked_in_its_own_format()
    {
        LlmRequest request = new([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, "Hi")])
        {
            Options = new ChatOptions { MaxOutputTokens = 33 },
        };

        await Open("google").Client.GetResponseAsync(request);
        RecordedRequest seen = await SeenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Endpoint, Is.EqualTo("/v1beta/models/main-model:generateContent"));
            Assert.That(seen.Property("systemInstruction")?.GetProperty("parts")[0].GetProperty("text").GetString(), Is.EqualTo("Be brief."));
            Assert.That(seen.Property("generationConfig")?.GetProperty("maxOutputTokens").GetInt32(), Is.EqualTo(33));
        }
    }

    // Google's streams end without [DONE]: the finish reason has to do.
    [Test]
    public async Task Googles_truncated_stream_is_no_answer()
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two ", "three") with { Stream = StreamShape.TruncatedAfter(2) });

        LlmException failure = await FailureOfAsync(Open("google"), isStreamed: true);

        Assert.That(failure, Is.InstanceOf<LlmStreamInterruptedException>());
        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.StreamTruncated));
    }

    [Test]
    public async Task Anthropics_overloaded_stream_is_no_answer()
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.ErrorAfter(4) });

        LlmException failure = await FailureOfAsync(Open("anthropic"), isStreamed: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, Is.InstanceOf<LlmStreamInterruptedException>());
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.ProviderUnavailable));
            Assert.That(failure.Code, Is.EqualTo("overloaded_error"));
            Assert.That(((LlmStreamInterruptedException)failure).PartialText, Is.EqualTo("one "));
        }
    }
}
