using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>Which requests are given the answer to another, through the whole SDK.</summary>
internal sealed class SemanticHitTests
{
    private const string Question = "How do I reset the password of my account?";
    private const string Again = "Could you tell me, how do I reset the passwrod of my account? Thanks!";

    [Test]
    public async Task Question_in_other_words_is_given_the_answer_for_nothing([Values] bool stream, [Values] bool streamBefore)
    {
        await using var host = new SemanticHost();
        LlmReceipt paid = (await AskAsync(host, SemanticHost.Ask(Question), streamBefore)).Receipt;

        (string text, LlmReceipt receipt) = await AskAsync(host, SemanticHost.Ask(Again), stream);

        Assert.That(text, Is.EqualTo($"The answer to: {Question}"));
        Assert.That(receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
        Assert.That(receipt.CacheSimilarity, Is.InRange(0.3, 0.9999));
        Assert.That(receipt.Cost.Usd, Is.Zero);
        Assert.That(receipt.Saving?.CacheUsd, Is.EqualTo(paid.Cost.Usd).And.GreaterThan(0m));
        Assert.That(host.Fake.RequestCount, Is.EqualTo(1));
        Assert.That((host.Lookups("miss"), host.Lookups("hit")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Approximate_hit_is_never_an_exact_one()
    {
        await using var host = new SemanticHost();
        await host.AskAsync(Question);

        Assert.That((await host.AskAsync(Again)).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
        Assert.That((await host.AskAsync(Again)).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit), "what was nearly the same stays what it was");
        Assert.That((await host.AskAsync(Question)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
    }

    [TestCase("How much is a ticket for 2 people to Rome?", "How much is a ticket for 3 people to Rome?")]
    [TestCase("Can I change my flight after booking it?", "Can I not change my flight after booking it?")]
    [TestCase("What is the best hotel in Lisbon for families?", "What is the worst hotel in Lisbon for families?")]
    [TestCase("How do I convert pounds to euros in the app?", "How do I convert euros to pounds in the app?")]
    [TestCase("What does the error \"E17\" mean on my screen?", "What does the error \"E71\" mean on my screen?")]
    [TestCase("Which version is current, v2.1 of the SDK?", "Which version is current, v2.2 of the SDK?")]
    public async Task Near_miss_asks_the_model(string one, string other)
    {
        await using var host = new SemanticHost(static o => o.MaxFalseHitRate = 0.2);
        await host.AskAsync(one);

        LlmResponse response = await host.AskAsync(other);

        Assert.That((response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.Miss, $"The answer to: {other}")));
    }

    [TestCase("acme", null, CacheScope.Tenant, "acme", null, true)]
    [TestCase("acme", "ann", CacheScope.Tenant, "acme", "bob", true)]
    [TestCase("acme", null, CacheScope.Tenant, "umbrella", null, false)]
    [TestCase("acme", null, CacheScope.Tenant, null, null, false)]
    [TestCase("acme", "ann", CacheScope.User, "acme", "ann", true)]
    [TestCase("acme", "ann", CacheScope.User, "acme", "bob", false)]
    [TestCase("acme", "ann", CacheScope.User, "umbrella", "ann", false)]
    [TestCase("acme", null, CacheScope.Shared, "umbrella", null, true)]
    public async Task Answer_stays_with_whom_it_belongs_to(string? tenant, string? user, CacheScope scope, string? otherTenant, string? otherUser, bool isShared)
    {
        await using var host = new SemanticHost();
        await host.Client.GetResponseAsync(Of(Question, tenant, user));

        Assert.That(await host.OutcomeOfAsync(Of(Again, otherTenant, otherUser)), Is.EqualTo(isShared ? CacheOutcome.SemanticHit : CacheOutcome.Miss));

        LlmRequest Of(string question, string? t, string? u) => new(question)
        {
            Context = new LlmRequestContext { TenantId = t, UserId = u },
            Caching = CacheDirective.Default with { Scope = scope },
        };
    }

    private static IEnumerable<TestCaseData> Differences()
    {
        yield return Case("nothing", static r => r, true);
        yield return Case("system prompt", static r => With(r, new ChatMessage(ChatRole.System, "Be brief.")), false);
        yield return Case("history", static r => With(r, new ChatMessage(ChatRole.User, "Hello"), new ChatMessage(ChatRole.Assistant, "Hi")), false);
        yield return Case("instructions", static r => r with { Options = new ChatOptions { Instructions = "Be brief." } }, false);
        yield return Case("tools", static r => r with { Options = new ChatOptions { Tools = [AIFunctionFactory.Create(static () => 1, "one")] } }, false);
        yield return Case("temperature", static r => r with { Options = new ChatOptions { Temperature = 0.5f } }, false);
        yield return Case("seed", static r => r with { Options = new ChatOptions { Seed = 5 } }, false);
        yield return Case("output tokens", static r => r with { Options = new ChatOptions { MaxOutputTokens = 100 } }, false);
        yield return Case("format", static r => r with { Options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json } }, false);
        yield return Case("stop sequence", static r => r with { Options = new ChatOptions { StopSequences = ["."] } }, false);
        yield return Case("model", static r => r with { Options = new ChatOptions { ModelId = "gpt-4o-mini" } }, false);
        yield return Case("additional property", static r => r with { Options = new ChatOptions { AdditionalProperties = new() { ["style"] = "terse" } } }, false);
        yield return Case("requirements", static r => r with { Requirements = new ModelRequirements { MinQuality = 0.4 } }, false);
        yield return Case("operation", static r => r with { Context = r.Context with { Operation = "summary" } }, true);
        yield return Case("session", static r => r with { Context = r.Context with { SessionId = "s" } }, true);
    }

    [TestCaseSource(nameof(Differences))]
    public async Task Request_that_differs_otherwise_asks_the_model(Func<LlmRequest, LlmRequest> change, bool isHit)
    {
        await using var host = new SemanticHost { Answer = static question => $"\"{question}\"" };
        await host.AskAsync(Question);

        Assert.That(await host.OutcomeOfAsync(change(SemanticHost.Ask(Again))), Is.EqualTo(isHit ? CacheOutcome.SemanticHit : CacheOutcome.Miss));
        Assert.That(await host.OutcomeOfAsync(change(SemanticHost.Ask(Question))), Is.EqualTo(isHit ? CacheOutcome.Hit : CacheOutcome.SemanticHit), "among equals it is found");
    }

    private static IEnumerable<TestCaseData> Ineligible()
    {
        yield return Case("side effects", static r => r with { HasSideEffects = true }, CacheOutcome.Bypassed);
        yield return Case("bypass", static r => r with { Caching = CacheDirective.Bypass }, CacheOutcome.Bypassed);
        yield return Case("refresh", static r => r with { Caching = CacheDirective.Refresh }, CacheOutcome.Miss);
        yield return Case("hot", static r => r with { Options = new ChatOptions { Temperature = 1.5f } }, CacheOutcome.Bypassed);
        yield return Case("picture", static r => Last(r, new TextContent(r.Messages[^1].Text), new DataContent(new byte[] { 1 }, "image/png")), CacheOutcome.Miss);
        yield return Case("two texts", static r => Last(r, new TextContent(r.Messages[^1].Text), new TextContent("and more")), CacheOutcome.Miss);
        yield return Case("long", static r => Last(r, new TextContent(r.Messages[^1].Text + new string(' ', 1_000))), CacheOutcome.Miss);
        yield return Case("no words", static r => Last(r, new TextContent("??")), CacheOutcome.Miss);
        yield return Case("long conversation", static r => With(r, [.. Enumerable.Range(0, 4).Select(static i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"turn {i}"))]), CacheOutcome.Miss);
        yield return Case("tools spoke", static r => With(r, new ChatMessage(ChatRole.User, "go"), new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "done")])), CacheOutcome.Miss);
    }

    [TestCaseSource(nameof(Ineligible))]
    public async Task Request_that_is_not_eligible_is_not_looked_up(Func<LlmRequest, LlmRequest> change, CacheOutcome outcome)
    {
        await using var host = new SemanticHost();
        await host.Client.GetResponseAsync(change(SemanticHost.Ask(Question)));
        int lookups = host.Lookups("miss");

        Assert.That(await host.OutcomeOfAsync(change(SemanticHost.Ask(Again))), Is.EqualTo(outcome == CacheOutcome.Miss && change(SemanticHost.Ask(Again)).Messages[^1].Text == "??" ? CacheOutcome.Hit : outcome));
        Assert.That((lookups, host.Lookups("miss"), host.Lookups("hit")), Is.EqualTo((0, 0, 0)));
    }

    private static IEnumerable<TestCaseData> Unfit()
    {
        yield return new TestCaseData(FakePortkeyReply.ToolCall("pay", "{}")) { TestName = "Answer_that_is_unfit_is_not_given_to_others(tool call)" };
        yield return new TestCaseData(FakePortkeyReply.Text("cut").WithFinishReason("length")) { TestName = "Answer_that_is_unfit_is_not_given_to_others(cut short)" };
        yield return new TestCaseData(FakePortkeyReply.Text("no").WithFinishReason("content_filter")) { TestName = "Answer_that_is_unfit_is_not_given_to_others(filtered)" };
        yield return new TestCaseData(FakePortkeyReply.Text("doubtful").WithGuardrailObjection()) { TestName = "Answer_that_is_unfit_is_not_given_to_others(flagged)" };
    }

    [TestCaseSource(nameof(Unfit))]
    public async Task Answer_that_is_unfit_is_not_given_to_others(FakePortkeyReply reply)
    {
        await using var unfit = new SemanticHost(first: reply);
        var request = SemanticHost.Ask(Question) with { Options = new ChatOptions { Tools = [AIFunctionFactory.Create(static () => 1, "pay")] } };
        await unfit.Client.GetResponseAsync(request);

        Assert.That(await unfit.OutcomeOfAsync(SemanticHost.Ask(Again) with { Options = request.Options }), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Answer_whose_time_is_over_is_not_given()
    {
        await using var host = new SemanticHost();
        await host.AskAsync(Question);

        host.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.That((await host.AskAsync(Again)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Invalidated_answer_is_not_given()
    {
        await using var host = new SemanticHost();
        await host.AskAsync(Question);

        await host.Get<IResponseCacheInvalidator>().InvalidateTenantAsync("acme");

        Assert.That((await host.AskAsync(Again)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Full_index_forgets_the_oldest_and_goes_on()
    {
        await using var host = new SemanticHost(static o => o.MaxEntries = 2);
        await host.AskAsync(Question);
        await host.AskAsync("Where is the nearest cash machine of your bank?");
        await host.AskAsync("Which documents prove my address to you?");

        Assert.That((await host.AskAsync("Which docments prove my address to you?")).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
        Assert.That((await host.AskAsync(Again)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Logged, Is.Empty);
    }

    private static TestCaseData Case(string name, Func<LlmRequest, LlmRequest> change, bool isHit) =>
        new(change, isHit) { TestName = $"Request_that_differs_otherwise_asks_the_model({name})" };

    private static TestCaseData Case(string name, Func<LlmRequest, LlmRequest> change, CacheOutcome outcome) =>
        new(change, outcome) { TestName = $"Request_that_is_not_eligible_is_not_looked_up({name})" };

    private static LlmRequest With(LlmRequest request, params ChatMessage[] before) => Of(request, [.. before, .. request.Messages]);

    private static LlmRequest Last(LlmRequest request, params AIContent[] contents) => Of(request, [new ChatMessage(ChatRole.User, contents)]);

    private static LlmRequest Of(LlmRequest request, ChatMessage[] messages) => new(messages) { Context = request.Context, Options = request.Options, Caching = request.Caching };

    private static async Task<(string Text, LlmReceipt Receipt)> AskAsync(SemanticHost host, LlmRequest request, bool stream)
    {
        if (!stream)
        {
            LlmResponse response = await host.Client.GetResponseAsync(request);
            return (response.Text, response.Receipt);
        }

        List<LlmResponseUpdate> updates = await Pipeline.PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request));
        return (string.Concat(updates.Select(static u => u.Text)), updates[^1].Receipt!);
    }
}
