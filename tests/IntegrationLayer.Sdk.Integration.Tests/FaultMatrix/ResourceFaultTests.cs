using IntegrationLayer.Sdk.Integration.Tests.Sdk;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 31, 36, 48, 49, 51 and 52: memory, places, threads and connections. Alone, for these belong to the whole process.</summary>
[NonParallelizable]
internal sealed class ResourceFaultTests : FaultMatrixTest
{
    [Test]
    [Property("FaultMatrix", "31")]
    public async Task Bomb_is_not_unpacked_beyond_the_limit()
    {
        Fake.OnChat(First).Answer(FakePortkeyWireFault.DecompressionBomb(256L * 1024 * 1024)).Then.Answer(FakePortkeyWireFault.DecompressionBomb(1024 * 1024));
        ServiceProvider sdk = OpenAlone();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        LlmException failure = await FailureOfAsync(sdk);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        LlmException small = await FailureOfAsync(sdk);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain("MaxResponseBytes"));
        Assert.That(grown, Is.LessThan(32L * 1024 * 1024));
        Assert.That(small.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput), "a megabyte of the same is unpacked, and found to be no answer");
    }

    [Test]
    [Property("FaultMatrix", "36")]
    public async Task Calls_beyond_the_places_wait_and_beyond_the_queue_are_turned_away()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("well").WithFault(FakePortkeyStreamFault.Stall(0, release.Task)));
        using ActiveConnections connections = new(Server.BaseAddress.Port);
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.Resilience.Gateways.MaxConcurrentCalls = 2;
            options.Resilience.Gateways.MaxQueuedCalls = 1;
        });
        Task<(string Text, LlmReceipt Receipt)>[] served = [.. Enumerable.Range(0, 3).Select(_ => AskAsync(sdk, isStreamed: true))];
        await Fake.WaitForRequestsAsync(2);

        LlmException turnedAway = await FailureOfAsync(sdk, isStreamed: true);
        int underWay = Fake.RequestCount;
        release.SetResult();
        (string Text, LlmReceipt Receipt)[] answers = await Task.WhenAll(served);
        await connections.WaitUntilAsync(0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((turnedAway.ErrorClass, turnedAway.MayBeBilled), Is.EqualTo((LlmErrorClass.Overloaded, false)));
            Assert.That(underWay, Is.EqualTo(2), "the third waited");
            Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo("well"));
            Assert.That((await BudgetOfAsync(sdk)).Held, Is.Zero);
        }
    }

    // Threads that wait for something else must not keep answers from being read, and a wait of the process's own is no fault of a provider.
    [Test]
    [Property("FaultMatrix", "48")]
    public async Task Blocked_threads_delay_answers_and_condemn_nobody()
    {
        Fake.OnChat(First).Reply("first");
        ServiceProvider sdk = Open();
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] blocked = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(release.Task.Wait))];

        (string Text, LlmReceipt Receipt)[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(sdk, isStreamed: i % 2 == 0)));
        release.SetResult();
        await Task.WhenAll(blocked);

        Assert.That(answers.Select(answer => (answer.Text, answer.Receipt.Attempts.Count)), Is.All.EqualTo((First, 1)));
        Assert.That(StatusOf(sdk, HealthKind.Deployment, First).State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    [Property("FaultMatrix", "49")]
    public async Task Storm_of_cancellations_leaves_nothing_behind()
    {
        const int Calls = 10_000;
        const int Places = 1_000;
        List<Exception> unobserved = [];
        void Observe(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Add(e.Exception);
        TaskScheduler.UnobservedTaskException += Observe;
        Fake.OnChat(First).Hang();
        Fake.OnChat("well").Reply("well");
        using ActiveConnections connections = new(Server.BaseAddress.Port);
        ServiceProvider sdk = OpenAlone(options =>
        {
            Add(options, "well", "cohere");
            (options.Resilience.Gateways.MaxConcurrentCalls, options.Resilience.Gateways.MaxQueuedCalls) = (Places, Calls);
        });
        using CancellationTokenSource storm = new();
        Task[] calls = [.. Enumerable.Range(0, Calls).Select(i => i % 2 == 0 ? WholeAsync() : StreamAsync())];
        await Fake.WaitForRequestsAsync(Places);

        await storm.CancelAsync();
        await Task.WhenAll(calls.Select(call => call.ContinueWith(static _ => { }, TaskScheduler.Default)));
        await connections.WaitUntilAsync(0);
        LlmResponse after = await ClientOf(sdk).GetResponseAsync(new LlmRequest("Who answers?") { Options = new() { ModelId = "well" } });
        bool[] cancelled = [.. calls.Select(call => call.IsCanceled)];
        calls = [];
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Observe;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cancelled, Is.All.True);
            Assert.That((await BudgetOfAsync(sdk)).Held, Is.Zero);
            Assert.That(StatusOf(sdk, HealthKind.Deployment, First), Has.Property(nameof(HealthStatus.InFlight)).EqualTo(0).And.Property(nameof(HealthStatus.State)).EqualTo(HealthState.Healthy));
            Assert.That(after.Text, Is.EqualTo("well"));
            Assert.That(unobserved, Is.Empty);
        }

        async Task WholeAsync() => await ClientOf(sdk).GetResponseAsync("Who answers?", storm.Token);

        async Task StreamAsync()
        {
            await foreach (LlmResponseUpdate _ in ClientOf(sdk).GetStreamingResponseAsync("Who answers?", storm.Token))
            {
            }
        }
    }

    // 64 MB can't be held by sockets: as long as the consumer waits, so does the provider.
    [Test]
    [Property("FaultMatrix", "51")]
    public async Task Slow_consumer_slows_the_provider_down()
    {
        Fake.OnChat(First).ReplyStream([.. Enumerable.Repeat(new string('x', 64 * 1024), 900)]);
        await using FaultProxy proxy = FaultProxy.Start(Server.BaseAddress);
        FakeTimeProvider time = new();
        ServiceProvider sdk = OpenAlone(options => options.Portkey.Endpoint = proxy.Address, clock: time);
        await using IAsyncEnumerator<LlmResponseUpdate> stream = ClientOf(sdk).GetStreamingResponseAsync("Who answers?").GetAsyncEnumerator();
        Assert.That(await stream.MoveNextAsync(), Is.True);
        await proxy.WaitForAsync(statistics => statistics.BytesDown > 1_000_000);

        // Longer than the provider may be silent: it is the consumer who is.
        time.Advance(TimeSpan.FromMinutes(1));
        bool isHeldUp = !Fake.Requests[0].Outcome.IsCompleted;
        long read = 0;
        do
        {
            read += stream.Current.Text.Length;
        }
        while (await stream.MoveNextAsync());

        Assert.That(isHeldUp, Is.True);
        Assert.That(read, Is.EqualTo(900L * 64 * 1024));
        Assert.That(await Fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Completed));
    }

    [Test]
    [Property("FaultMatrix", "52")]
    public async Task Disposal_ends_what_is_under_way_and_disturbs_no_other_container()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Fake.OnChat(First).Answer(FakePortkeyReply.Stream("one ", "two").WithFault(FakePortkeyStreamFault.Stall(1, release.Task)));
        ServiceProvider first = OpenAlone();
        ServiceProvider second = OpenAlone();
        Task<(string Text, LlmReceipt Receipt)> ofFirst = AskAsync(first, isStreamed: true);
        Task<(string Text, LlmReceipt Receipt)> ofSecond = AskAsync(second, isStreamed: true);
        await Fake.WaitForRequestsAsync(2);

        await first.DisposeAsync();
        await first.DisposeAsync();
        release.SetResult();
        (string text, LlmReceipt receipt) = await ofSecond;

        Assert.That((text, receipt.Cost.IsExact), Is.EqualTo(("one two", true)));
        Assert.That((await AskAsync(second)).Text, Is.EqualTo("one two"));
        try
        {
            Assert.That((await ofFirst).Text, Is.EqualTo("one two"), "it ends well, or as what it is");
        }
        catch (LlmException e)
        {
            Assert.That(e.ErrorClass, Is.AnyOf(LlmErrorClass.Network, LlmErrorClass.StreamTruncated));
        }
    }
}
