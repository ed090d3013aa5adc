using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class GatewayPoolTests
{
    [Test]
    public async Task Calls_are_shared_among_gateways_that_are_well()
    {
        var host = new PoolHost(3);

        for (int i = 0; i < 60; i++)
        {
            await host.AskAsync();
        }

        Assert.That(host.Gateways.Select(g => g.Calls), Has.All.GreaterThan(5));
    }

    [Test]
    public async Task Busy_gateway_is_left_to_its_work()
    {
        var host = new PoolHost();
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        List<Task<string>> calls = [];
        while (host.Gateways[0].Calls == 0)
        {
            calls.Add(host.AskAsync());
        }

        for (int i = 0; i < 50; i++)
        {
            await host.AskAsync();
        }

        Assert.That(host.Gateways[0].Calls, Is.EqualTo(1));
        release.SetResult();
        await Task.WhenAll(calls);
    }

    [Test]
    public async Task Slow_gateway_gets_less_until_that_is_forgotten()
    {
        var host = new PoolHost();
        host.Gateways[0].OnCall = _ =>
        {
            host.Advance(1);
            return Task.CompletedTask;
        };
        for (int i = 0; i < 100; i++)
        {
            await host.AskAsync();
        }

        int whileSlow = host.Gateways[0].Calls;
        host.Advance(3_600);
        for (int i = 0; i < 100; i++)
        {
            await host.AskAsync();
        }

        Assert.That(whileSlow, Is.InRange(1, 20));
        Assert.That(host.Gateways[0].Calls, Is.GreaterThan(whileSlow), "somebody looks at it again");
    }

    [Test]
    public async Task Gateway_that_hangs_is_avoided_after_the_first_call_that_was_given_up()
    {
        var host = new PoolHost();
        host.Gateways[0].OnCall = async cancellationToken => await Task.Delay(Timeout.Infinite, cancellationToken);
        using CancellationTokenSource deadline = new();
        Task<string> hanging;
        do
        {
            hanging = host.AskAsync(deadline.Token);
        }
        while (hanging.IsCompleted);
        host.Advance(30);
        await deadline.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => hanging);

        for (int i = 0; i < 50; i++)
        {
            Assert.That(await host.AskAsync(), Is.EqualTo("g2"));
        }
    }

    [Test]
    public async Task Refused_call_goes_to_the_next_gateway_at_once()
    {
        var host = new PoolHost(3);
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;

        for (int i = 0; i < 20; i++)
        {
            Assert.That(await host.AskAsync(), Is.EqualTo("g3"));
        }

        Assert.That(host.Gateways.Take(2).Select(g => g.Calls), Is.All.EqualTo(5), "then their breakers are open");
        Assert.That(host.Told.Distinct(), Is.EquivalentTo(["passed over g1", "passed over g2"]));
        Assert.That(host.InFlight, Is.Zero);
    }

    [Test]
    public async Task Streams_and_embeddings_fail_over_too()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        GatewayEmbeddingCall embedding = new(Portkey.Call.Deployment(), ["x"], null, Portkey.Call.Envelope());

        for (int i = 0; i < 10; i++)
        {
            await using GatewayStream stream = await host.Pool.OpenStreamAsync(Portkey.Call.Chat(), default);
            Assert.That(stream.Info.Provider, Is.EqualTo("g2"));
            Assert.That((await host.Pool.EmbedAsync(embedding, default)).Content[0].ModelId, Is.EqualTo("g2"));
        }
    }

    private static IEnumerable<LlmException> Ambiguous()
    {
        yield return new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };
        yield return new LlmException("502", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Gateway) { StatusCode = 502 };
        yield return new LlmException("busy", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { StatusCode = 429 };
        yield return new LlmException("no", LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk);
    }

    [TestCaseSource(nameof(Ambiguous))]
    public async Task Call_that_may_have_arrived_is_not_made_again(LlmException failure)
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = host.Gateways[1].Failure = failure;

        Assert.That(await host.FailureAsync(), Is.SameAs(failure));
        Assert.That(host.Gateways.Sum(g => g.Calls), Is.EqualTo(1));
        Assert.That(host.InFlight, Is.Zero);
    }

    [Test]
    public async Task When_no_gateway_can_be_reached_that_is_said_with_reasons_and_nothing_is_billed()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;

        LlmException failure = await host.FailureAsync();

        Assert.That((failure.ErrorClass, failure.ErrorSource, failure.MayBeBilled, failure.Code, failure.IsTransient),
            Is.EqualTo((LlmErrorClass.GatewayUnavailable, LlmErrorSource.Gateway, false, "connect", true)));
        Assert.That(failure.Message, Does.Contain("None of 2 gateway endpoints can be reached (g1 is healthy; g2 is healthy)").And.Contain("refused"));
        Assert.That(failure.RetryAfter, Is.Null);
        Assert.That(host.Gateways.Select(g => g.Calls), Is.All.EqualTo(1));
    }

    [Test]
    public async Task While_all_are_open_calls_fail_without_being_made_and_say_when_to_come_again()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;
        for (int i = 0; i < 5; i++)
        {
            await host.FailureAsync();
        }

        host.Advance(0.05);
        LlmException failure = await host.FailureAsync();

        Assert.That(host.Gateways.Select(g => g.Calls), Is.All.EqualTo(5));
        Assert.That((failure.ErrorClass, failure.MayBeBilled, failure.RetryAfter), Is.EqualTo((LlmErrorClass.GatewayUnavailable, false, TimeSpan.FromSeconds(0.1))));
        Assert.That(failure.Message, Does.Contain("No call was made").And.Contain("g1 is open until 12:00:01.000Z: 5 failures in a row"));
    }

    [Test]
    public async Task While_all_are_open_one_call_at_a_time_looks_whether_one_is_back()
    {
        var host = new PoolHost(1);
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        for (int i = 0; i < 5; i++)
        {
            await host.FailureAsync();
        }

        host.Advance(0.1);
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        host.Gateways[0].Failure = null;
        Task<string> probe = host.AskAsync();
        LlmException other = await host.FailureAsync();
        release.SetResult();

        Assert.That((await probe, other.ErrorClass, host.Gateways[0].Calls), Is.EqualTo(("g1", LlmErrorClass.GatewayUnavailable, 6)));
        Assert.That(await host.AskAsync(), Is.EqualTo("g1"), "long before the pause is over");
    }

    [Test]
    public async Task Gateway_that_fails_slowly_is_left_alone_for_the_whole_pause()
    {
        var host = new PoolHost(1);
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        host.Gateways[0].OnCall = _ =>
        {
            host.Advance(5);
            return Task.CompletedTask;
        };
        for (int i = 0; i < 5; i++)
        {
            await host.FailureAsync();
        }

        host.Advance(0.9);
        LlmException failure = await host.FailureAsync();

        Assert.That((host.Gateways[0].Calls, failure.RetryAfter), Is.EqualTo((5, TimeSpan.FromSeconds(0.1))));
    }

    [Test]
    public async Task One_call_finds_out_whether_a_gateway_is_back_and_others_take_the_one_that_works()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        while (host.Gateways[0].Calls < 5)
        {
            await host.AskAsync();
        }

        host.Advance(1);
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        List<Task<string>> calls = [.. Enumerable.Range(0, 20).Select(_ => host.AskAsync())];
        int trials = host.Gateways[0].Calls - 5;
        release.SetResult();

        Assert.That(trials, Is.EqualTo(1));
        Assert.That(await Task.WhenAll(calls), Is.All.EqualTo("g2"));
    }

    [Test]
    public async Task Lone_gateway_that_is_back_takes_every_call_while_it_recovers()
    {
        var host = new PoolHost(1);
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        for (int i = 0; i < 5; i++)
        {
            await host.FailureAsync();
        }

        host.Advance(1);
        host.Gateways[0].Failure = null;
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        List<Task<string>> first = [.. Enumerable.Range(0, 10).Select(_ => host.AskAsync())];
        release.SetResult();

        Assert.That(await Task.WhenAll(first), Is.All.EqualTo("g1"));
        Assert.That(host.Endpoints[0].Breaker.Examine().State, Is.EqualTo(HealthState.Recovering));
        for (int i = 0; i < 10; i++)
        {
            Assert.That(await host.AskAsync(), Is.EqualTo("g1"));
        }
    }

    [Test]
    public async Task Provider_that_fails_says_nothing_about_the_gateway()
    {
        var host = new PoolHost(1);
        host.Gateways[0].Failure = new LlmException("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };
        for (int i = 0; i < 50; i++)
        {
            await host.FailureAsync();
        }

        Assert.That(host.Gateways[0].Calls, Is.EqualTo(50));
        Assert.That(host.Endpoints[0].Breaker.IsClear, Is.True);
    }

    [Test]
    public async Task Gateway_that_resets_every_call_is_no_longer_called()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };
        for (int i = 0; i < 100; i++)
        {
            try
            {
                await host.AskAsync();
            }
            catch (LlmException)
            {
            }
        }

        Assert.That(host.Gateways[0].Calls, Is.EqualTo(5));
    }

    [Test]
    public async Task Call_beyond_the_limit_waits_its_turn_and_the_time_is_told()
    {
        var host = new PoolHost(1, configure: o => o.MaxConcurrentCalls = 1);
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        Task<string> first = host.AskAsync();
        Task<string> second = host.AskAsync();
        int under = host.Gateways[0].Calls;

        host.Advance(2);
        release.SetResult();

        Assert.That(await Task.WhenAll(first, second), Is.All.EqualTo("g1"));
        Assert.That((under, host.InFlight), Is.EqualTo((1, 0)));
        Assert.That(host.Told, Is.EqualTo(["waited 2 s for g1"]));
    }

    [Test]
    public async Task Call_beyond_the_queue_is_turned_away_at_once()
    {
        var host = new PoolHost(1, configure: o => (o.MaxConcurrentCalls, o.MaxQueuedCalls) = (1, 1));
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        Task<string>[] taken = [host.AskAsync(), host.AskAsync()];

        LlmException failure = await host.FailureAsync();

        Assert.That((failure.ErrorClass, failure.ErrorSource, failure.MayBeBilled, failure.TraceId), Is.EqualTo((LlmErrorClass.Overloaded, LlmErrorSource.Sdk, false, "trace-1")));
        Assert.That(failure.Message, Does.Contain("MaxQueuedCalls"));
        Assert.That(host.Told, Is.EqualTo(["turned away by g1"]));
        release.SetResult();
        await Task.WhenAll(taken);
        Assert.That(await host.AskAsync(), Is.EqualTo("g1"), "and the next has room again");
        Assert.That(host.InFlight, Is.Zero);
    }

    [Test]
    public async Task Full_gateway_sends_calls_to_one_that_has_room()
    {
        var host = new PoolHost(configure: o => (o.MaxConcurrentCalls, o.MaxQueuedCalls) = (1, 0));
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = host.Gateways[1].OnCall = _ => release.Task;

        Task<string>[] both = [host.AskAsync(), host.AskAsync()];
        LlmException third = await host.FailureAsync();
        release.SetResult();

        Assert.That(await Task.WhenAll(both), Is.EquivalentTo(["g1", "g2"]));
        Assert.That(third.ErrorClass, Is.EqualTo(LlmErrorClass.Overloaded));
    }

    [Test]
    public async Task Waiting_ends_with_the_callers_token_and_leaves_nothing_behind()
    {
        var host = new PoolHost(1, configure: o => o.MaxConcurrentCalls = 1);
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        Task<string> first = host.AskAsync();
        using CancellationTokenSource source = new();
        Task<string> second = host.AskAsync(source.Token);

        await source.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => second);
        release.SetResult();
        await first;
        Assert.That((host.InFlight, host.Gateways[0].Calls), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Stream_keeps_its_place_until_it_is_closed()
    {
        var host = new PoolHost(1, configure: o => (o.MaxConcurrentCalls, o.MaxQueuedCalls) = (1, 0));
        GatewayStream stream = await host.Pool.OpenStreamAsync(Portkey.Call.Chat(), default);
        LlmErrorClass whileOpen = (await host.FailureAsync()).ErrorClass;
        List<ChatResponseUpdate> updates = await Portkey.Call.ReadAll(stream);

        await stream.DisposeAsync();

        Assert.That((whileOpen, updates.Single().Text, stream.Usage?.InputTokenCount), Is.EqualTo((LlmErrorClass.Overloaded, "g1", (long?)1)));
        Assert.That(host.InFlight, Is.Zero, "though it was closed twice");
        Assert.That(await host.AskAsync(), Is.EqualTo("g1"));
    }

    [Test]
    public async Task Last_resort_is_asked_only_when_all_gateways_are_out()
    {
        var direct = new ScriptedGateway("direct");
        var host = new PoolHost(lastResort: _ => direct);
        string before = await host.AskAsync();
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;
        string during = await host.AskAsync();
        host.Gateways[0].Failure = host.Gateways[1].Failure = null;
        string after = await host.AskAsync();

        Assert.That(new[] { before, after }, Is.SubsetOf(["g1", "g2"]));
        Assert.That(during, Is.EqualTo("direct"));
        Assert.That(direct.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Last_resort_that_knows_no_way_to_a_deployment_leaves_the_others_to_be_tried()
    {
        var host = new PoolHost(lastResort: _ => null);
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;

        LlmException failure = await host.FailureAsync();

        Assert.That((failure.ErrorClass, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.Network, false)));
    }

    [Test]
    public async Task Last_resort_is_made_once_a_deployment()
    {
        int made = 0;
        var host = new PoolHost(lastResort: _ =>
        {
            made++;
            return new ScriptedGateway("direct");
        });
        host.Gateways[0].Failure = host.Gateways[1].Failure = ScriptedGateway.Refused;
        GatewayCall call = Portkey.Call.Chat();

        await host.Pool.SendAsync(call, default);
        await host.Pool.SendAsync(call, default);

        Assert.That(made, Is.EqualTo(1));
    }

    [Test]
    public async Task Endpoint_that_stays_keeps_its_health_and_calls_when_others_come_and_go()
    {
        var host = new PoolHost();
        host.Gateways[0].Failure = ScriptedGateway.Refused;
        while (host.Gateways[0].Calls < 5)
        {
            await host.AskAsync();
        }

        GatewayEndpoint before = host.Endpoints[0];
        host.Reconfigure([host.Gateways[0], new ScriptedGateway("g3")]);

        Assert.That(host.Endpoints.Select(e => e.Name), Is.EqualTo(["g1", "g3"]));
        Assert.That(host.Endpoints[0].Breaker, Is.SameAs(before.Breaker));
        Assert.That((host.Endpoints[0].Load, host.Endpoints[0].Limiter), Is.EqualTo((before.Load, before.Limiter)));
        Assert.That(host.Registry.Breakers.Select(b => b.Name), Is.EquivalentTo(["g1", "g3"]), "what went is forgotten");
        Assert.That(await host.AskAsync(), Is.EqualTo("g3"));
    }

    [Test]
    public async Task Changed_limit_holds_for_new_calls_and_old_ones_end_well()
    {
        var host = new PoolHost(1, configure: o => o.MaxConcurrentCalls = 1);
        TaskCompletionSource release = new();
        host.Gateways[0].OnCall = _ => release.Task;
        Task<string> old = host.AskAsync();

        host.Reconfigure(host.Gateways, new GatewayPoolOptions { MaxConcurrentCalls = 2 });
        Task<string>[] two = [host.AskAsync(), host.AskAsync()];
        int calls = host.Gateways[0].Calls;
        release.SetResult();
        await Task.WhenAll([old, .. two]);

        Assert.That((calls, host.InFlight), Is.EqualTo((3, 0)));
    }

    // Up for a second, down for a second: a breaker must neither send everything into the gaps nor never come back.
    [TestCase(2, 1.0)]
    [TestCase(1, 0.45)]
    [Property("FaultMatrix", "60")]
    public async Task Flapping_gateway_is_used_while_it_is_up(int gateways, double leastSuccess)
    {
        var host = new PoolHost(gateways);
        (int successes, int refusals) = (0, 0);
        for (int i = 0; i < 6_000; i++)
        {
            bool isUp = i / 100 % 2 == 0;
            host.Gateways[0].Failure = isUp ? null : ScriptedGateway.Refused;
            int before = host.Gateways[0].Calls;
            successes += await IsAnsweredAsync(host) ? 1 : 0;
            refusals += isUp ? 0 : host.Gateways[0].Calls - before;
            host.Advance(0.01);
        }

        Assert.That(successes / 6_000.0, Is.GreaterThanOrEqualTo(leastSuccess));
        Assert.That(refusals, Is.LessThan(30 * 16), "in each of 30 gaps the failures that open the breaker, and one call every tenth of a second");
    }

    private static async Task<bool> IsAnsweredAsync(PoolHost host)
    {
        try
        {
            await host.AskAsync();
            return true;
        }
        catch (LlmException)
        {
            return false;
        }
    }

    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, 2, true)]
    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, 1, false)]
    [TestCase(LlmErrorClass.StreamTruncated, LlmErrorSource.Gateway, 2, false)]
    [TestCase(LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider, 2, false)]
    [TestCase(LlmErrorClass.StreamStalled, LlmErrorSource.Sdk, 2, false)]
    public async Task Streams_whose_connection_breaks_count_against_their_gateway_if_there_is_another(LlmErrorClass error, LlmErrorSource source, int gateways, bool counts)
    {
        var host = new PoolHost(gateways);
        foreach (ScriptedGateway gateway in host.Gateways)
        {
            gateway.Break = new LlmException("broken", error, source) { MayBeBilled = true };
        }

        // Three in a row open a breaker: of five, three are at one of two.
        for (int i = 0; i < 5; i++)
        {
            CommittedStream stream = await CommittedStream.StartAsync(host.Pool, Portkey.Call.Chat(), new CallTimer(Deadline.Of(new LlmRequestContext(), TimeSpan.FromMinutes(1), host.Time, host.Time.GetTimestamp(), default)));
            while (await stream.MoveNextAsync())
            {
            }

            Assert.That(stream.Failure, Is.Not.Null);
            await stream.CloseAsync();
            stream.Dispose();
        }

        Assert.That(host.Endpoints.Any(e => e.Breaker.Examine().State is HealthState.Open), Is.EqualTo(counts));
        Assert.That(host.InFlight, Is.Zero);
    }

    [Test]
    public async Task Stream_that_breaks_before_its_first_content_counts_too()
    {
        var host = new PoolHost(2);
        foreach (ScriptedGateway gateway in host.Gateways)
        {
            (gateway.Word, gateway.Break) = ("", new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true });
        }

        for (int i = 0; i < 5; i++)
        {
            await Expect.ThrowsAsync<LlmException>(() => CommittedStream.StartAsync(
                host.Pool, Portkey.Call.Chat(), new CallTimer(Deadline.Of(new LlmRequestContext(), TimeSpan.FromMinutes(1), host.Time, host.Time.GetTimestamp(), default))).AsTask());
        }

        Assert.That(host.Endpoints.Any(e => e.Breaker.Examine().State is HealthState.Open));
    }

    [Test]
    public async Task Open_stream_ends_the_trial_of_its_gateway()
    {
        var host = new PoolHost(1, configure: o => o.Health.TrialCalls = 1);
        CircuitBreaker breaker = host.Endpoints[0].Breaker;
        for (int i = 0; i < 5; i++)
        {
            breaker.TryEnter(false, out Permit permit);
            breaker.Leave(permit, CallOutcome.Failure);
        }

        host.Advance(5);
        await using GatewayStream stream = await host.Pool.OpenStreamAsync(Portkey.Call.Chat(), default);
        Assert.That(breaker.Examine().State, Is.EqualTo(HealthState.Recovering), "it needn't last as long as an answer");
    }
}
