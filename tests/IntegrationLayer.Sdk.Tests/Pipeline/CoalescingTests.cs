using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Requests that ask the same at the same time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CoalescingTests
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PipelineHost Host()
    {
        var host = new PipelineHost(build: b => b.UseExactMatchCache());
        host.Gateway.OnCall = token => _release.Task.WaitAsync(token);
        return host;
    }

    [Test]
    public async Task Thousand_identical_requests_make_one_call([Values] bool leaderStreams, [Values] bool othersStream)
    {
        await using PipelineHost host = Host();
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, leaderStreams);
        Task<(string Text, LlmReceipt Receipt)>[] others = [.. Enumerable.Range(0, 999).Select(_ => AskAsync(host, othersStream))];
        _release.SetResult();
        (string text, LlmReceipt receipt) = await leader;
        (string Text, LlmReceipt Receipt)[] shared = await Task.WhenAll(others);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
            Assert.That(text, Is.EqualTo("hi"));
            Assert.That(receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
            Assert.That(shared.Select(s => s.Text), Is.All.EqualTo("hi"));
            Assert.That(shared.Select(s => s.Receipt.Cache), Is.All.EqualTo(CacheOutcome.Coalesced));
            Assert.That(shared.Select(s => s.Receipt.Cost), Is.All.EqualTo(LlmCost.None));
            Assert.That(shared.Select(s => s.Receipt.Saving?.CacheUsd), Is.All.EqualTo(receipt.Cost.Usd));
            Assert.That(shared.Select(s => s.Receipt.RequestId), Is.Unique);
            Assert.That(host.Get<FlightTable>().Count, Is.Zero);
        }

        Assert.That((await AskAsync(host, othersStream)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit));
    }

    [Test]
    public async Task Requests_from_many_threads_make_one_call([Values] bool stream)
    {
        await using PipelineHost host = Host();
        Task<(string Text, LlmReceipt Receipt)>[] all = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(() => AskAsync(host, stream)))];
        _release.SetResult();
        await Task.WhenAll(all);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Different_requests_tenants_and_directives_dont_share()
    {
        await using PipelineHost host = Host();
        Task[] all =
        [
            host.Client.GetResponseAsync("hello"),
            host.Client.GetResponseAsync("goodbye"),
            host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { TenantId = "acme" } }),
            host.Client.GetResponseAsync(new LlmRequest("hello") { Caching = CacheDirective.Refresh }),
            host.Client.GetResponseAsync(new LlmRequest("hello") { Caching = CacheDirective.Bypass }),
            host.Client.GetResponseAsync(new LlmRequest("hello") { Caching = CacheDirective.Default with { Writes = false } }),
        ];
        _release.SetResult();
        await Task.WhenAll(all);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(6));
    }

    [Test]
    [Property("FaultMatrix", "42")]
    public async Task Leader_that_cancels_hands_over_without_a_second_call([Values] bool leaderStreams, [Values] bool otherStreams)
    {
        await using PipelineHost host = Host();
        using var cancellation = new CancellationTokenSource();
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, leaderStreams, cancellation.Token);
        Task<(string Text, LlmReceipt Receipt)> other = AskAsync(host, otherStreams);
        await cancellation.CancelAsync();
        Assert.That(async () => await leader, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(other.IsCompleted, Is.False);
        _release.SetResult();

        Assert.That((await other).Receipt.Cache, Is.EqualTo(CacheOutcome.Coalesced));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Last_one_who_cancels_ends_the_call([Values] bool leaderStreams, [Values] bool otherStreams)
    {
        await using PipelineHost host = Host();
        CancellationToken upstream = default;
        host.Gateway.OnCall = token =>
        {
            upstream = token;
            return _release.Task.WaitAsync(token);
        };
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, leaderStreams, first.Token);
        Task<(string Text, LlmReceipt Receipt)> other = AskAsync(host, otherStreams, second.Token);
        await first.CancelAsync();
        Assert.That(async () => await leader, Throws.InstanceOf<OperationCanceledException>());
        bool wasEnded = upstream.IsCancellationRequested;
        await second.CancelAsync();
        Assert.That(async () => await other, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(wasEnded, Is.False);
        Assert.That(upstream.IsCancellationRequested);
        Assert.That(host.Get<FlightTable>().Count, Is.Zero);
    }

    [Test]
    public async Task Call_that_nobody_joined_is_cancelled_and_settled_before_its_caller_knows([Values] bool streams)
    {
        var ledger = new SpyLedger();
        await using var host = new PipelineHost(build: b =>
        {
            b.UseExactMatchCache().UseBudgetPolicy(new PipelineHost.FlatPolicy(1m));
            b.Services.AddSingleton<IBudgetLedger>(ledger);
        });
        host.Gateway.OnCall = token => _release.Task.WaitAsync(token);
        using var cancellation = new CancellationTokenSource();
        Task<(string Text, LlmReceipt Receipt)> asked = AskAsync(host, streams, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await asked, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ledger.Settled, Has.Count.EqualTo(1));
    }

    [Test]
    [Property("FaultMatrix", "43")]
    public async Task Failure_is_shared_once_and_not_kept([Values] bool leaderStreams, [Values] bool otherStreams)
    {
        await using PipelineHost host = Host();
        host.Gateway.Failures["small"] = new LlmException("down", LlmErrorClass.InvalidRequest, LlmErrorSource.Provider);
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, leaderStreams);
        Task<(string Text, LlmReceipt Receipt)>[] others = [.. Enumerable.Range(0, 20).Select(_ => AskAsync(host, otherStreams))];
        _release.SetResult();

        Assert.That(async () => await leader, Throws.InstanceOf<LlmException>().With.Property("Attempts").Count.EqualTo(1));
        foreach (Task<(string Text, LlmReceipt Receipt)> other in others)
        {
            Assert.That(async () => await other, Throws.InstanceOf<LlmException>().With.Property("Attempts").Empty.And.Property("ErrorClass").EqualTo(LlmErrorClass.InvalidRequest));
        }

        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(1));
        host.Gateway.Failures.Clear();
        Assert.That((await AskAsync(host, leaderStreams)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Stream_that_breaks_breaks_for_all_with_the_text_so_far([Values] bool otherStreams)
    {
        await using PipelineHost host = Host();
        host.Gateway.BreakAfterFirst = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Provider);
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, stream: true);
        Task<(string Text, LlmReceipt Receipt)> other = AskAsync(host, otherStreams);
        _release.SetResult();

        Assert.That(async () => await leader, Throws.InstanceOf<LlmStreamInterruptedException>());
        LlmStreamInterruptedException? broken = await Assert.ThrowsAsync<LlmStreamInterruptedException>(() => other);
        Assert.That(broken!.PartialText, Is.EqualTo("h"));
        Assert.That(broken.Receipt!.Cost, Is.EqualTo(LlmCost.None));
    }

    [Test]
    public async Task Budget_of_the_leaders_own_isnt_the_others_business()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache().UseBudgetPolicy(new PoorUser()));
        host.Gateway.OnCall = token => _release.Task.WaitAsync(token);
        Task<LlmResponse> poor = host.Client.GetResponseAsync(Of("poor"));
        Task<LlmResponse> rich = host.Client.GetResponseAsync(Of("rich"));
        _release.SetResult();

        Assert.That(async () => await poor, Throws.InstanceOf<BudgetExceededException>());
        Assert.That((await rich).Text, Is.EqualTo("hi"));

        static LlmRequest Of(string user) => new("hello") { Context = new LlmRequestContext { UserId = user } };
    }

    [Test]
    public async Task Follower_waits_no_longer_than_it_may_take()
    {
        await using PipelineHost host = Host();
        Task<LlmResponse> leader = host.Client.GetResponseAsync("hello");
        Task<LlmResponse> hasty = host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(1) } });
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(async () => await hasty, Throws.InstanceOf<LlmException>().With.Property("ErrorClass").EqualTo(LlmErrorClass.Timeout));
        _release.SetResult();
        Assert.That((await leader).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Follower_with_more_time_asks_anew_when_the_leaders_is_over()
    {
        await using PipelineHost host = Host();
        Task<LlmResponse> hasty = host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(1) } });
        Task<LlmResponse> patient = host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(10) } });
        Task<LlmResponse> alike = host.Client.GetResponseAsync(new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(1.5) } });
        host.Time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.That(async () => await hasty, Throws.InstanceOf<LlmException>());
        Assert.That(async () => await alike, Throws.InstanceOf<LlmException>());
        _release.SetResult();

        Assert.That((await patient).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Callers_own_what_they_are_given()
    {
        await using PipelineHost host = Host();
        Task<LlmResponse>[] all = [.. Enumerable.Range(0, 3).Select(_ => host.Client.GetResponseAsync("hello"))];
        _release.SetResult();
        foreach (Task<LlmResponse> one in all)
        {
            LlmResponse response = await one;
            Assert.That(response.Text, Is.EqualTo("hi"));
            ((TextContent)response.Content.Messages[0].Contents[0]).Text = "spoiled";
        }
    }

    [Test]
    public async Task Request_changed_in_flight_isnt_answered_to_others()
    {
        await using PipelineHost host = Host();
        var messages = new List<ChatMessage> { new(ChatRole.User, "hello") };
        Task<LlmResponse> leader = host.Client.GetResponseAsync(new LlmRequest(messages));
        Task<LlmResponse> other = host.Client.GetResponseAsync("hello");
        messages.Add(new ChatMessage(ChatRole.User, "and goodbye"));
        _release.SetResult();
        await leader;

        Assert.That((await other).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task No_more_than_so_many_wait_for_one_call()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache(o => o.MaxFollowers = 2));
        host.Gateway.OnCall = token => _release.Task.WaitAsync(token);
        Task<LlmResponse>[] all = [.. Enumerable.Range(0, 5).Select(_ => host.Client.GetResponseAsync("hello"))];
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(3));
        _release.SetResult();
        await Task.WhenAll(all);
    }

    [Test]
    public async Task Sharing_can_be_turned_off()
    {
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache(o => o.MaxFollowers = 0));
        host.Gateway.OnCall = token => _release.Task.WaitAsync(token);
        Task<LlmResponse>[] all = [.. Enumerable.Range(0, 3).Select(_ => host.Client.GetResponseAsync("hello"))];
        _release.SetResult();
        await Task.WhenAll(all);
        Assert.That(host.Gateway.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Follower_that_leaves_a_stream_leaves_the_others_theirs()
    {
        await using PipelineHost host = Host();
        Task<(string Text, LlmReceipt Receipt)> leader = AskAsync(host, stream: true);
        Task leaver = LeaveAfterFirstAsync(host);
        _release.SetResult();
        await leaver;
        Assert.That((await leader).Text, Is.EqualTo("hi"));

        static async Task LeaveAfterFirstAsync(PipelineHost host)
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync("hello"))
            {
                break;
            }
        }
    }

    // What comes in one piece is told of in batches, which end anywhere.
    [Test]
    public async Task All_read_the_whole_stream_in_whatever_pieces_it_comes([Range(0, 19)] int seed)
    {
        using var stream = new PiecemealClient(new Random(seed), _release.Task);
        await using var host = new PipelineHost(build: b => b.UseExactMatchCache().UseGateway(_ => stream));
        Task<string>[] readers = [.. Enumerable.Range(0, 3).Select(_ => ReadAsync(host.Client))];
        _release.SetResult();

        Assert.That(await Task.WhenAll(readers), Is.All.EqualTo(stream.Text));
        Assert.That(stream.Calls, Is.EqualTo(1));

        static async Task<string> ReadAsync(ILlmClient client)
        {
            string text = "";
            await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync("hello"))
            {
                text += update.Text;
            }

            return text;
        }
    }

    private static async Task<(string Text, LlmReceipt Receipt)> AskAsync(PipelineHost host, bool stream, CancellationToken cancellationToken = default)
    {
        if (!stream)
        {
            LlmResponse response = await host.Client.GetResponseAsync("hello", cancellationToken);
            return (response.Text, response.Receipt);
        }

        string text = "";
        LlmReceipt? receipt = null;
        await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync("hello", cancellationToken))
        {
            text += update.Text;
            receipt = update.Receipt ?? receipt;
        }

        return (text, receipt!);
    }

    private sealed class PiecemealClient(Random random, Task begin) : IChatClient
    {
        private readonly int[] _pieces = [.. Enumerable.Range(0, random.Next(1, 100)).Select(_ => random.Next(3))];

        public string Text => string.Concat(Enumerable.Range(0, _pieces.Length).Select(i => $"{i},"));

        public int Calls { get; private set; }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Calls++;
            await begin.WaitAsync(cancellationToken);
            for (int i = 0; i < _pieces.Length; i++)
            {
                if (_pieces[i] == 0)
                {
                    await Task.Yield();
                }

                yield return new ChatResponseUpdate(ChatRole.Assistant, $"{i},");
            }

            yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class PoorUser : IBudgetPolicy
    {
        public IReadOnlyList<BudgetLimit> GetLimits(LlmRequest request) =>
            request.Context.UserId == "poor" ? new PipelineHost.FlatPolicy(0.000001m).GetLimits(request) : [];
    }
}
