using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class HostileConditionsTests
{
    private static readonly BudgetLimit Limit = new(new BudgetScope(BudgetScopeKind.Organization, "all"), 10, BudgetWindow.Day());

    [Test]
    public async Task Request_cancelled_before_it_is_sent_costs_nothing([Values] bool streamed)
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        await Assert.CatchAsync<OperationCanceledException>(() => ReceiptAsync(host, new LlmRequest("hello"), streamed, new CancellationToken(true)));

        Assert.That(host.Gateway.Calls, Is.Empty);
        Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, 0m) }));
    }

    [Test]
    public async Task Request_cancelled_between_two_attempts_isnt_charged_for_the_second()
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        using var cancel = new CancellationTokenSource();
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        host.Gateway.OnCall = _ => Task.CompletedTask;
        ledger.OnReserve = _ =>
        {
            if (ledger.Demands.Count == 2)
            {
                cancel.Cancel();
            }

            return Task.CompletedTask;
        };

        await Assert.CatchAsync<OperationCanceledException>(() => host.Client.GetResponseAsync(new LlmRequest("hello"), cancel.Token));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, 0m), (2L, 0m) }));
    }

    [Test]
    public async Task Refusal_of_a_second_attempt_tells_of_the_first_one([Values] bool byBudget)
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        host.Gateway.Failures["small"] = new LlmException("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        ledger.OnReserve = _ => ledger.Demands.Count < 2 ? Task.CompletedTask
            : throw (byBudget ? new BudgetExceededException("spent") : new LlmException("not sent", LlmErrorClass.Timeout, LlmErrorSource.Sdk));

        Exception? refused = await Assert.CatchAsync(() => host.Client.GetResponseAsync(new LlmRequest("hello")));

        IReadOnlyList<LlmAttempt> attempts = (refused as BudgetExceededException)?.Attempts ?? (refused as LlmException)!.Attempts;
        Assert.That(refused is BudgetExceededException, Is.EqualTo(byBudget));
        Assert.That(attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[] { ("lab/small", LlmErrorClass.ProviderUnavailable) }));
    }

    [TestCase(typeof(InvalidOperationException), 1)]
    [TestCase(typeof(ArgumentException), 0)]
    public async Task Failure_that_nobody_can_name_may_be_billed_unless_it_is_of_an_argument(Type failure, int charged)
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        host.Gateway.Failures["small"] = host.Gateway.Failures["large"] = (Exception)Activator.CreateInstance(failure)!;

        await Assert.CatchAsync(() => host.Client.GetResponseAsync(new LlmRequest("hello")));

        Assert.That(ledger.Settled[0].Usd > 0 ? 1 : 0, Is.EqualTo(charged));
    }

    [Test]
    public async Task Deadline_that_passes_in_the_ledger_is_a_timeout_of_a_request_that_was_not_sent([Values] bool listens)
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        var never = new TaskCompletionSource();
        ledger.OnReserve = token =>
        {
            if (listens)
            {
                return never.Task.WaitAsync(token);
            }

            host.Time.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        };

        Task<LlmResponse> asking = host.Client.GetResponseAsync("hello");
        host.Time.Advance(TimeSpan.FromHours(1));
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => asking);
        Assert.That((e.ErrorClass, e.MayBeBilled), Is.EqualTo((LlmErrorClass.Timeout, false)));
        Assert.That(host.Gateway.Calls, Is.Empty);
        Assert.That(ledger.Settled.Select(s => s.Usd), Is.EqualTo(listens ? [] : new[] { 0m }));
    }

    [Test]
    public async Task Reservation_is_released_when_the_call_cant_be_prepared()
    {
        var ledger = new SpyLedger();
        await using PipelineHost host = HostOf(ledger);
        var request = new LlmRequest("hello") { Options = new UncopyableOptions() };

        await Expect.ThrowsAsync<NotSupportedException>(() => host.Client.GetResponseAsync(request));
        Assert.That(ledger.Settled, Is.EqualTo(new[] { (1L, 0m) }));
    }

    [Test]
    public async Task Timeout_of_the_clients_own_goes_to_the_next_model_and_is_charged([Values] bool streamed)
    {
        await using var host = new PipelineHost();
        host.Gateway.Failures["small"] = new TaskCanceledException("HttpClient.Timeout", new TimeoutException());
        LlmReceipt receipt = await ReceiptAsync(host, new LlmRequest("hello"), streamed);

        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
        Assert.That(receipt.Attempts[0].Error, Is.EqualTo(LlmErrorClass.Timeout));
        Assert.That(receipt.Attempts[0].Cost.Status, Is.EqualTo(PriceStatus.UpperBound));
    }

    [Test]
    public async Task Usage_of_an_unfinished_stream_is_no_bill()
    {
        var ledger = new SpyLedger();
        var early = new EarlyUsageClient();
        await using PipelineHost host = HostOf(ledger, b => b.UseGateway(_ => early));
        await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync("hello"))
        {
            if (update.Text.Length > 0)
            {
                break;
            }
        }

        Assert.That(ledger.Settled, Has.Count.EqualTo(1));
        Assert.That(ledger.Settled[0].Usd, Is.EqualTo(ledger.Asked.First()[0]), "its answer is not among the tokens reported so far");
    }

    [Test]
    public async Task Service_tier_is_found_behind_other_extras()
    {
        var client = new EarlyUsageClient { Tier = "priority" };
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Name = "real", Account = "lab", Model = "gpt-4o-mini" }), b => b.UseGateway(_ => client));
        var request = new LlmRequest("hello") { Options = new ChatOptions { ModelId = "real" } };
        LlmReceipt standard, priority = await ReceiptAsync(host, request, streamed: true);
        client.Tier = null;
        standard = await ReceiptAsync(host, request, streamed: true);

        Assert.That(priority.Cost, Is.Not.EqualTo(standard.Cost));
    }

    [Test]
    public async Task Cache_that_fails_costs_no_answer([Values] bool streamed)
    {
        await using var host = new PipelineHost(build: b =>
        {
            b.UseExactMatchCache();
            b.Services.AddSingleton<IResponseCache, BrokenCache>();
        });
        LlmReceipt receipt = await ReceiptAsync(host, new LlmRequest("hello"), streamed);
        Assert.That(receipt.Cost.Usd, Is.EqualTo(0.00003m));
    }

    [Test]
    public async Task Request_that_cant_be_written_down_is_answered_without_the_cache()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        var request = new LlmRequest("hello") { Options = new ChatOptions { AdditionalProperties = new() { ["type"] = typeof(string) } } };
        Assert.That((await host.Client.GetResponseAsync(request)).Receipt.Cache, Is.EqualTo(CacheOutcome.Bypassed));
    }

    [Test]
    public async Task Refusal_isnt_cached()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache().UseGateway(_ => new RefusingClient()));
        await host.Client.GetResponseAsync("hello");
        Assert.That((await host.Client.GetResponseAsync("hello")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Cached_answer_doesnt_keep_the_request_alive()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache());
        WeakReference prompt = await AskAsync(host);
        for (int i = 0; i < 10 && prompt.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(prompt.IsAlive, Is.False);

        static async Task<WeakReference> AskAsync(PipelineHost host)
        {
            var message = new ChatMessage(ChatRole.User, new string('x', 100));
            await host.Client.GetResponseAsync(new LlmRequest([message]));
            host.Gateway.Calls.Clear();
            return new WeakReference(message);
        }
    }

    [Test]
    public async Task Many_texts_to_embed_may_be_more_than_one_context_together()
    {
        var generator = new FlatGenerator();
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Account = "lab", Model = "embed", Kind = ModelKind.Embedding, InputPrice = 1, ContextTokens = 100 }),
            b => b.UseGateway(_ => new EarlyUsageClient(), _ => generator));
        IEmbeddingGenerator<string, Embedding<float>> sdk = host.Get<IEmbeddingGenerator<string, Embedding<float>>>();
        string[] texts = [.. Enumerable.Range(0, 10_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];

        Assert.That(await sdk.GenerateAsync(texts), Has.Count.EqualTo(10_000));
        await Expect.ThrowsAsync<NoEligibleModelException>(() => sdk.GenerateAsync([string.Join(' ', texts)]));
        await Expect.ThrowsAsync<ArgumentException>(() => sdk.GenerateAsync(["a", null!]));
    }

    [Test]
    public async Task Router_of_the_applications_own_cant_send_a_request_where_it_doesnt_fit()
    {
        await using var host = new PipelineHost(build: b => b.Services.AddSingleton<IRouter, EverythingRouter>());
        LlmReceipt receipt = (await host.Client.GetResponseAsync(new LlmRequest(string.Concat(Enumerable.Repeat("word ", 20_000))))).Receipt;
        Assert.That(receipt.Deployment, Is.EqualTo("other/large"));
    }

    [Test]
    public async Task Longest_and_no_timeouts_are_no_errors([Values("-00:00:00.001", "10675199.02:48:05")] string timeout)
    {
        await using var host = new PipelineHost();
        var request = new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture) } };
        Assert.That((await host.Client.GetResponseAsync(request)).Text, Is.EqualTo("hi"));
    }

    [Test]
    public void Gateway_made_of_the_SDKs_own_client_is_refused()
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(o => o.Accounts["a"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test", Models = { "gpt-4o-mini" } })
            .UseGateway(p => p.GetRequiredService<IChatClient>());
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(() => provider.GetRequiredService<ILlmClient>(), Throws.InvalidOperationException.With.Message.Contains("UseGateway"));
    }

    [Test]
    public async Task Prompt_cache_writes_and_audio_are_within_what_is_held_back()
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(
            o => o.Deployments.Add(new DeploymentOptions { Name = "dear", Account = "lab", Model = "m", InputPrice = 1, OutputPrice = 1, CacheWritePrice = 50, MaxOutputTokens = 1 }),
            b => b.UseBudgetPolicy(new PipelineHost.FlatPolicy(1)).Services.AddSingleton<IBudgetLedger>(ledger));
        var text = new TextContent(string.Concat(Enumerable.Repeat("word ", 1_000))) { AdditionalProperties = new() { ["cache_control"] = "ephemeral" } };
        await host.Client.GetResponseAsync(new LlmRequest([new ChatMessage(ChatRole.User, [text])]) { Options = new ChatOptions { ModelId = "dear" } });

        Assert.That(ledger.Asked.First()[0], Is.GreaterThanOrEqualTo(1_000 * 50 / 1_000_000m));
    }

    [Test]
    public async Task Billed_failures_count_against_the_requests_own_limit()
    {
        await using var host = new PipelineHost(o => o.Deployments.Add(new DeploymentOptions { Account = "other", Model = "small2", InputPrice = 1, OutputPrice = 1, ContextTokens = 10_000 }));
        host.Gateway.Failures["small"] = host.Gateway.Failures["small2"] = new TimeoutException();
        var request = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = 1_000 }, Requirements = new ModelRequirements { MaxCost = 0.0015m } };

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync(request));
        Assert.That(e.Attempts.Sum(a => a.Cost.Usd), Is.GreaterThan(0).And.LessThanOrEqualTo(0.0015m));
    }

    [Test]
    public async Task Bill_of_calls_that_nobody_answered_is_counted()
    {
        await using var host = new PipelineHost();
        host.Gateway.Failures["small"] = host.Gateway.Failures["large"] = new TimeoutException();
        IMeterFactory meters = host.Get<IMeterFactory>();
        double counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "integration_layer.cost" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, usd, _, _) => counted += usd);
        listener.Start();

        LlmException e = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("hello"));
        Assert.That(counted, Is.EqualTo((double)e.Attempts.Sum(a => a.Cost.Usd)).Within(1e-9).And.GreaterThan(0));
    }

    [Test]
    public async Task Type_that_cant_be_read_keeps_the_paid_answer()
    {
        await using var host = new PipelineHost();
        host.Gateway.Text = "{\"Name\":\"x\"}";
        LlmOutputException e = await Expect.ThrowsAsync<LlmOutputException>(() => host.Client.GetResponseAsync<Picky>("hello"));
        Assert.That(e.InnerException, Is.InstanceOf<FormatException>());
    }

    [Test]
    public async Task Any_json_and_lists_of_types_that_hold_themselves_can_be_asked_for()
    {
        await using var host = new PipelineHost();
        host.Gateway.Text = "{\"value\":[]}";
        Assert.That((await host.Client.GetResponseAsync<JsonElement>("hello")).Value.ValueKind, Is.EqualTo(JsonValueKind.Array));
        Assert.That((await host.Client.GetResponseAsync<List<Node>>("hello")).Value, Is.Empty);

        JsonElement schema = ((ChatResponseFormatJson)host.Gateway.Calls[^1].Options.ResponseFormat!).Schema!.Value;
        Assert.That(schema.GetRawText(), Does.Contain("\"#/properties/value/").And.Not.Contain("\"#/items"));
    }

    private static PipelineHost HostOf(SpyLedger ledger, Action<IIntegrationLayerBuilder>? build = null) => new(build: b =>
    {
        b.UseBudgetPolicy(new PipelineHost.FlatPolicy(Limit.Amount)).Services.AddSingleton<IBudgetLedger>(ledger);
        build?.Invoke(b);
    });

    private static async Task<LlmReceipt> ReceiptAsync(PipelineHost host, LlmRequest request, bool streamed, CancellationToken cancellationToken = default) => streamed
        ? (await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync(request, cancellationToken)))[^1].Receipt!
        : (await host.Client.GetResponseAsync(request, cancellationToken)).Receipt;

    private sealed record Node(string Name, List<Node> Children);

    private sealed record Picky
    {
        public string Name
        {
            get;
            init => field = value.Length > 100 ? value : throw new FormatException(value);
        } = "";
    }

    private sealed class UncopyableOptions : ChatOptions
    {
        public override ChatOptions Clone() => throw new NotSupportedException();
    }

    private sealed class BrokenCache : IResponseCache
    {
        public ValueTask<CachedAnswer?> GetAsync(CacheKey key, CancellationToken cancellationToken) => throw new TimeoutException();

        public ValueTask SetAsync(CacheKey key, CachedAnswer answer, CancellationToken cancellationToken) => throw new TimeoutException();

        public ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken) => throw new TimeoutException();
    }

    private sealed class EverythingRouter : IRouter
    {
        public int Rank(in RouteContext context, Span<int> best)
        {
            int count = Math.Min(best.Length, context.Deployments.Length);
            for (int i = 0; i < count; i++)
            {
                best[i] = i;
            }

            return count;
        }
    }

    private sealed class RefusingClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new ErrorContent("I can't help.") { ErrorCode = "Refusal" }])) { FinishReason = ChatFinishReason.Stop });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    /// <summary>Reports its input first, as Anthropic does, then answers, and says its service tier last.</summary>
    private sealed class EarlyUsageClient : IChatClient
    {
        public string? Tier { get; set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 0 })]) { AdditionalProperties = new() { ["logprobs"] = 1 } };
            yield return new ChatResponseUpdate(ChatRole.Assistant, "hello");
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { OutputTokenCount = 1_000 })])
            {
                FinishReason = ChatFinishReason.Stop, AdditionalProperties = Tier is null ? null : new() { ["service_tier"] = Tier },
            };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class FlatGenerator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[1]))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
