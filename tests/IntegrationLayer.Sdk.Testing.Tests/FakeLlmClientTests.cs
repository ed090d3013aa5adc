using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class FakeLlmClientTests
{
    private FakeLlmClient _client = null!;

    [SetUp]
    public void Create() => _client = new FakeLlmClient();

    [Test]
    public async Task Reply_carries_text_and_receipt()
    {
        _client.OnPrompt("Say hello").Reply(FakeLlmReply.Text("Hello there").WithCost(0.0012m).WithModel("gpt-4o").WithTokens(new TokenUsage { Input = 10, CacheRead = 2, Output = 3 }));

        LlmResponse response = await _client.GetResponseAsync(
            new LlmRequest("Say hello") { Options = new ChatOptions { ModelId = "smart" }, Context = new LlmRequestContext { TraceId = "t" } });

        Assert.That(response.Text, Is.EqualTo("Hello there"));
        Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.Content.Usage!.InputTokenCount, Is.EqualTo(12));
        Assert.That(response.Content.ModelId, Is.EqualTo("gpt-4o"));
        LlmReceipt receipt = response.Receipt.ShouldCost(0.0012m).ShouldBeAnsweredBy("fake/gpt-4o").ShouldHaveTried("fake/gpt-4o").ShouldNotComeFromCache();
        Assert.That(receipt.RequestId, Is.EqualTo("fake-1"));
        Assert.That(receipt.TraceId, Is.EqualTo("t"));
        Assert.That(receipt.ModelRequested, Is.EqualTo("smart"));
        Assert.That(receipt.Tokens.TotalInput, Is.EqualTo(12));
        _client.VerifyAllCalled();
    }

    [Test]
    public async Task Reply_streams_its_chunks_and_ends_with_the_receipt()
    {
        _client.OnAny().ReplyStream("Hel", "lo");

        List<LlmResponseUpdate> updates = await _client.GetStreamingResponseAsync("hi").ToListAsync();

        Assert.That(updates.Select(update => update.Text), Is.EqualTo(new[] { "Hel", "lo", "", "" }));
        Assert.That(updates.SkipLast(1).Select(update => update.Receipt), Is.All.Null);
        Assert.That(updates[^1].Receipt!.TimeToFirstToken, Is.EqualTo(TimeSpan.Zero));
        Assert.That(updates[^1].Receipt!.Tokens, Is.EqualTo(new TokenUsage { Input = 1, Output = 2 }));
    }

    [Test]
    public async Task Tool_call_has_its_arguments_parsed()
    {
        _client.OnAny().ReplyToolCall("get_weather", """{"city":"Paris","days":2}""");

        LlmResponse response = await _client.GetResponseAsync("weather?");

        FunctionCallContent call = response.Content.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.That(call.Name, Is.EqualTo("get_weather"));
        Assert.That(call.Arguments!["city"]!.ToString(), Is.EqualTo("Paris"));
        Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    [TestCase("{nope")]
    [TestCase("[1]")]
    public void Tool_arguments_that_are_no_object_are_refused(string json) =>
        Assert.Throws<ArgumentException>(() => FakeLlmReply.ToolCall("f", json));

    [Test]
    public async Task Sequence_and_conditions_choose_the_reply()
    {
        _client.OnPromptContaining("WEATHER").Fail(LlmErrorClass.RateLimited, TimeSpan.FromSeconds(3)).Then.Reply("rain");
        _client.OnAny().ForModel("big").When(request => request.Context.TenantId == "acme").Reply(request => $"{request.Messages.Count} messages");
        _client.Default.Reply(request => request.Messages.Count > 1 ? FakeLlmReply.Failure(new BudgetExceededException("empty")) : FakeLlmReply.Text("default"));

        LlmException failure = (await Assert.ThrowsAsync<LlmException>(() => _client.GetResponseAsync("the weather")))!;
        LlmRequest acme = new("x") { Options = new ChatOptions { ModelId = "big" }, Context = new LlmRequestContext { TenantId = "acme" } };
        ChatMessage message = new(ChatRole.User, "x");

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.RateLimited));
        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That((await _client.GetResponseAsync("the weather")).Text, Is.EqualTo("rain"));
        Assert.That((await _client.GetResponseAsync(acme)).Text, Is.EqualTo("1 messages"));
        Assert.That((await _client.GetResponseAsync("else")).Text, Is.EqualTo("default"));
        await Assert.ThrowsAsync<BudgetExceededException>(() => _client.GetResponseAsync(new LlmRequest([message, message])));
        _client.VerifyAllCalled();
    }

    [Test]
    public async Task Unmatched_request_throws_and_fails_verification()
    {
        _client.OnPrompt("known").Reply("x").Times(1);
        await _client.GetResponseAsync("known");

        UnmatchedRequestException exception = (await Assert.ThrowsAsync<UnmatchedRequestException>(() => _client.GetResponseAsync("unknown")))!;

        Assert.That(exception.Message, Is.EqualTo(
            "No route answers model=- operation=default prompt=\"unknown\". Routes, in the order asked:\n  prompt \"known\" (1 answered, used up)"));
        Assert.That(_client.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>().With.Message.Contains("prompt=\"unknown\""));
        Assert.That(_client.Requests.Select(request => request.Messages[0].Text), Is.EqualTo(new[] { "known", "unknown" }));
        Assert.That(_client.RequestCount, Is.EqualTo(2));
    }

    [Test]
    public async Task Request_for_a_fake_without_routes_says_so()
    {
        UnmatchedRequestException exception = (await Assert.ThrowsAsync<UnmatchedRequestException>(() => _client.GetResponseAsync(new string('x', 100))))!;

        Assert.That(exception.Message, Does.EndWith($"prompt=\"{new string('x', 80)}…\". No route is scripted."));
    }

    [Test]
    public async Task Interrupted_stream_throws_after_its_pieces()
    {
        _client.OnAny().Reply(FakeLlmReply.Stream("a", "b", "c").WithCost(0.5m, PriceStatus.UpperBound).InterruptedAfter(2));
        List<string> seen = [];

        LlmStreamInterruptedException exception = (await Assert.ThrowsAsync<LlmStreamInterruptedException>(async () =>
        {
            await foreach (LlmResponseUpdate update in _client.GetStreamingResponseAsync("x"))
            {
                seen.Add(update.Text);
            }
        }))!;
        LlmException whole = (await Assert.ThrowsAsync<LlmException>(() => _client.GetResponseAsync("x")))!;

        Assert.That(seen, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(exception.PartialText, Is.EqualTo("ab"));
        Assert.That(exception.Receipt!.Cost.Usd, Is.EqualTo(0.5m));
        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.StreamTruncated));
        Assert.That(whole.ErrorClass, Is.EqualTo(LlmErrorClass.StreamTruncated));
    }

    [Test]
    public async Task Reply_from_cache_costs_nothing_and_tried_nobody()
    {
        _client.OnAny().Reply(FakeLlmReply.Text("x").WithCost(1m).FromCache().WithReceipt(receipt => receipt with { Saving = new LlmSaving { RoutingUsd = 2m } }));

        LlmReceipt receipt = (await _client.GetResponseAsync("x")).Receipt;

        receipt.ShouldComeFromCache().ShouldCost(0m).ShouldHaveTried();
        Assert.That(receipt.SavingUsd, Is.EqualTo(2m));
    }

    [Test]
    public async Task Contents_of_any_kind_are_passed_on()
    {
        _client.OnAny().Reply(FakeLlmReply.Contents(new TextReasoningContent("hm"), new TextContent("yes")).WithFinishReason(ChatFinishReason.Length));

        LlmResponse response = await _client.GetResponseAsync("x");

        Assert.That(response.Content.Messages[0].Contents[0], Is.TypeOf<TextReasoningContent>());
        Assert.That(response.Text, Is.EqualTo("yes"));
        Assert.That(response.Content.FinishReason, Is.EqualTo(ChatFinishReason.Length));
    }

    [Test]
    public async Task Hanging_and_held_calls_end_as_told()
    {
        TaskCompletionSource release = new();
        _client.OnPrompt("hang").Hang();
        _client.OnPrompt("hold").Reply("done").After(release.Task);
        using CancellationTokenSource patience = new();

        Task<LlmResponse> hanging = _client.GetResponseAsync("hang", patience.Token);
        Task<LlmResponse> held = _client.GetResponseAsync("hold");
        await _client.WaitForRequestsAsync(2);
        Assert.That(hanging.IsCompleted || held.IsCompleted, Is.False);
        release.SetResult();
        await patience.CancelAsync();

        Assert.That((await held).Text, Is.EqualTo("done"));
        await Assert.ThrowsAsync<TaskCanceledException>(() => hanging);
        await Assert.ThrowsAsync<OperationCanceledException>(() => _client.GetResponseAsync("hold", patience.Token));
    }

    [Test]
    public async Task Delays_wait_by_the_clock()
    {
        FakeTimeProvider time = new();
        FakeLlmClient client = new(time);
        client.OnAny().Reply(FakeLlmReply.Stream("a", "b").WithInterval(TimeSpan.FromSeconds(1))).After(TimeSpan.FromSeconds(10));
        await using IAsyncEnumerator<LlmResponseUpdate> stream = client.GetStreamingResponseAsync("x").GetAsyncEnumerator();

        Task<bool> first = stream.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(10.5));
        await Task.Yield();
        Assert.That(first.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.That(await first);
        Assert.That(stream.Current.Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Waiting_scripts_without_a_clock_are_refused()
    {
        FakeLlmReply slow = FakeLlmReply.Text("x").WithInterval(TimeSpan.FromSeconds(1));

        Assert.Throws<InvalidOperationException>(() => _client.OnAny().Reply(slow));
        _client.OnPrompt("computed").Reply(_ => slow);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.GetResponseAsync("computed"));
        Assert.Throws<FakeVerificationException>(_client.VerifyAllCalled);
    }

    [Test]
    public void Receipt_checks_say_what_is_wrong()
    {
        LlmReceipt receipt = new() { RequestId = "r", Deployment = "openai/gpt-4o", Provider = "openai", Model = "gpt-4o", Cost = new LlmCost(0.2m, PriceStatus.Estimated) };

        FakeVerificationException exception = Assert.Throws<FakeVerificationException>(() => receipt.ShouldCost(0.2m))!;

        Assert.That(exception.Message, Is.EqualTo(
            "The receipt of r should show a cost of exactly $0.2, but shows an answer by openai/gpt-4o, cost ~$0.2 (Estimated), cache Bypassed, attempts []."));
        Assert.That(receipt.ShouldCostAtMost(0.2m), Is.SameAs(receipt));
        Assert.Throws<FakeVerificationException>(() => receipt.ShouldCostAtMost(0.1m));
        Assert.Throws<FakeVerificationException>(() => (receipt with { Cost = LlmCost.Unknown }).ShouldCostAtMost(1m));
        Assert.Throws<FakeVerificationException>(() => receipt.ShouldBeAnsweredBy("other"));
        Assert.Throws<FakeVerificationException>(() => receipt.ShouldHaveTried("openai/gpt-4o"));
        Assert.Throws<FakeVerificationException>(() => receipt.ShouldComeFromCache());
        Assert.Throws<FakeVerificationException>(() => (receipt with { Cache = CacheOutcome.Hit }).ShouldNotComeFromCache());
    }
}
