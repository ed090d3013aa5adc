using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>Processes that ask the same at the same time, with calls shared across processes.</summary>
internal sealed class SharedCallTests : RedisCacheTest
{
    private const int Requests = 200;

    [TestCase(2, false)]
    [TestCase(3, true)]
    public async Task Processes_with_two_hundred_identical_requests_each_make_one_call(int processes, bool stream)
    {
        CacheProcess[] all = await OpenAllAsync(processes);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (CacheProcess process in all)
        {
            process.Model.OnCall = _ =>
            {
                called.TrySetResult();
                return release.Task;
            };
        }

        Task<CacheOutcome>[] asking = [.. all.SelectMany(p => Enumerable.Range(0, Requests).Select(_ => Task.Run(() => p.AskAsync(stream: stream))))];
        await called.Task;
        release.SetResult();
        CacheOutcome[] outcomes = await Task.WhenAll(asking);

        Assert.That(all.Sum(static p => p.Model.Calls), Is.EqualTo(1));
        Assert.That(outcomes.Count(static o => o is CacheOutcome.Miss), Is.EqualTo(1));
    }

    [Test]
    public async Task Process_whose_turn_never_comes_takes_over_when_the_other_is_dead()
    {
        await using FaultProxy proxy = FaultProxy.Start(new Uri($"http://{Server.ConnectionString}"));
        CacheProcess dying = await Keep(new CacheProcess(proxy.Address.Authority, register: Share)).ListeningAsync();
        CacheProcess[] others = await OpenAllAsync(2);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dying.Model.OnCall = _ =>
        {
            called.SetResult();
            return never.Task;
        };
        Task<CacheOutcome> lost = dying.AskAsync();
        await called.Task;
        Task<CacheOutcome>[] asking = [.. others.SelectMany(p => Enumerable.Range(0, Requests).Select(_ => Task.Run(() => p.AskAsync())))];
        proxy.TakeDown();
        CacheOutcome[] outcomes = await Task.WhenAll(asking);

        Assert.That(others.Sum(static p => p.Model.Calls), Is.EqualTo(1));
        Assert.That(outcomes, Has.None.EqualTo(CacheOutcome.Bypassed));
        never.SetResult();
        await lost;
    }

    [Test]
    public async Task Redis_paused_has_every_process_call_for_itself()
    {
        CacheProcess[] all = await OpenAllAsync(3, TimeSpan.FromMilliseconds(100));
        Server.Pause();
        await Task.WhenAll(all.SelectMany(p => Enumerable.Range(0, Requests).Select(_ => Task.Run(async () => await p.Client.GetResponseAsync("hello")))));
        Server.Resume();

        Assert.That(all.Select(static p => p.Model.Calls), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Process_that_is_slow_is_waited_for_no_longer_than_is_set()
    {
        CacheProcess slow = (await OpenAllAsync(1))[0];
        CacheProcess other = await Keep(new CacheProcess(
            Server.ConnectionString, register: static b => b.UseRedisCallSharing(o => o.LongestWait = TimeSpan.FromMilliseconds(100)))).ListeningAsync();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Model.OnCall = _ =>
        {
            called.TrySetResult();
            return release.Task;
        };
        Task<CacheOutcome> calling = slow.AskAsync();
        await called.Task;
        CacheOutcome own = await other.AskAsync();
        release.SetResult();

        Assert.That((own, await calling), Is.EqualTo((CacheOutcome.Miss, CacheOutcome.Miss)));
        Assert.That(other.Model.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Request_whose_time_is_over_while_it_waits_for_another_process_fails()
    {
        CacheProcess[] all = await OpenAllAsync(2);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (CacheProcess process in all)
        {
            process.Model.OnCall = token =>
            {
                called.TrySetResult();
                return release.Task.WaitAsync(token);
            };
        }

        Task<CacheOutcome> calling = all[0].AskAsync();
        await called.Task;
        var hurried = new LlmRequest("hello") { Context = new LlmRequestContext { Timeout = TimeSpan.FromMilliseconds(300) } };
        await Assert.ThatAsync(() => all[1].Client.GetResponseAsync(hurried), Throws.TypeOf<LlmException>().With.Property("ErrorClass").EqualTo(LlmErrorClass.Timeout));
        release.SetResult();
        Assert.That(await calling, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Call_that_fails_lets_the_others_make_their_own_at_once()
    {
        CacheProcess[] all = await OpenAllAsync(2);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        all[0].Model.OnCall = _ =>
        {
            called.TrySetResult();
            return fail.Task;
        };
        Task<CacheOutcome> failing = all[0].AskAsync();
        await called.Task;
        Task<CacheOutcome> other = all[1].AskAsync();
        fail.SetException(new InvalidOperationException("broken"));

        await Assert.ThatAsync(() => failing, Throws.InstanceOf<LlmException>());
        Assert.That(await other, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(all[1].Model.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Answer_that_isnt_kept_isnt_waited_for_by_one_after_the_other()
    {
        CacheProcess[] all = await OpenAllAsync(3);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (CacheProcess process in all)
        {
            process.Model.Finish = Microsoft.Extensions.AI.ChatFinishReason.Length;
            process.Model.OnCall = _ =>
            {
                called.TrySetResult();
                return release.Task;
            };
        }

        Task<CacheOutcome>[] asking = [.. all.Select(static p => p.AskAsync())];
        await called.Task;
        release.SetResult();
        Assert.That(await Task.WhenAll(asking), Is.All.EqualTo(CacheOutcome.Miss));
        Assert.That(all.Select(static p => p.Model.Calls), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Caller_that_waits_for_another_process_may_leave_and_those_who_joined_it_go_on()
    {
        CacheProcess[] all = await OpenAllAsync(2);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        all[0].Model.OnCall = _ =>
        {
            called.TrySetResult();
            return release.Task;
        };
        Task<CacheOutcome> calling = all[0].AskAsync();
        await called.Task;
        using var leaving = new CancellationTokenSource();
        Task<LlmResponse> leaver = all[1].Client.GetResponseAsync("hello", leaving.Token);
        Task<CacheOutcome> stayer = all[1].AskAsync();
        await leaving.CancelAsync();
        await Assert.ThatAsync(() => leaver, Throws.InstanceOf<OperationCanceledException>());
        release.SetResult();

        Assert.That(await calling, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(await stayer, Is.EqualTo(CacheOutcome.Hit));
        Assert.That(all[1].Model.Calls, Is.Zero);
    }

    [Test]
    public async Task Lease_is_gone_on_with_for_as_long_as_its_call_takes_and_ends_with_it()
    {
        CacheProcess[] all = await OpenAllAsync(2);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        all[0].Model.OnCall = _ =>
        {
            called.TrySetResult();
            return release.Task;
        };
        Task<CacheOutcome> calling = all[0].AskAsync();
        await called.Task;
        await ExpiredOnceAsync();
        Task<CacheOutcome> other = all[1].AskAsync();
        release.SetResult();

        Assert.That((await calling, await other), Is.EqualTo((CacheOutcome.Miss, CacheOutcome.Hit)));
        Assert.That(await all[0].AskAsync("another"), Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Hit_asks_for_no_lease()
    {
        CacheProcess[] all = await OpenAllAsync(2);
        await all[0].AskAsync();
        await Server.CommandAsync("CONFIG RESETSTAT");
        await all[1].AskAsync();
        await all[1].AskAsync();
        await using var admin = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"{Server.ConnectionString},allowAdmin=true");
        Assert.That(await admin.GetServers()[0].InfoRawAsync("commandstats"), Does.Not.Contain("cmdstat_set:"));
    }

    private static void Share(IIntegrationLayerBuilder builder) => builder.UseRedisCallSharing(o => o.Lease = TimeSpan.FromSeconds(1));

    // A lease of a second is gone on with by the time that another of a second has expired.
    private async Task ExpiredOnceAsync()
    {
        await Server.CommandAsync("SET probe x PX 1500");
        while (await Server.CommandAsync("EXISTS probe") == ":1")
        {
            await Task.Yield();
        }
    }

    private Task<CacheProcess[]> OpenAllAsync(int count, TimeSpan? timeout = null) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
        Keep(new CacheProcess(Server.ConnectionString, register: Share, cache: o => o.Timeout = timeout ?? o.Timeout)).ListeningAsync()));
}
