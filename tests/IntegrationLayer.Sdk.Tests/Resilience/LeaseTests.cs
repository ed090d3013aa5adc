using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>Every call that begins is counted as under way, and ends once, on every path.</summary>
internal sealed class LeaseTests
{
    private static IEnumerable<TestCaseData> Paths()
    {
        yield return Path("answer", async host => await host.Client.GetResponseAsync("x"));
        yield return Path("stream read to its end", async host => await PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("x")));
        yield return Path("stream left after its first piece", async host =>
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync("x"))
            {
                Assert.That(host.InFlight, Is.EqualTo(1), "a stream is under way while it is read");
                break;
            }
        });
        yield return Path("stream never begun", host =>
        {
            _ = host.Client.GetStreamingResponseAsync("x");
            return Task.CompletedTask;
        });
        yield return Path("stream that breaks", async host =>
        {
            host.Gateway.BreakAfterFirst = new LlmException("reset", LlmErrorClass.Network, LlmErrorSource.Gateway);
            await Expect.ThrowsAsync<LlmStreamInterruptedException>(() => PipelineHost.ReadAsync(host.Client.GetStreamingResponseAsync("x")));
        });
        yield return Path("failure of one", async host =>
        {
            host.Gateway.Failures["small"] = new LlmException("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
            await host.Client.GetResponseAsync("x");
        });
        yield return Path("failure of all", async host =>
        {
            host.Gateway.Failures["small"] = host.Gateway.Failures["large"] = new LlmException("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
            await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        });
        yield return Path("unexpected exception", async host =>
        {
            host.Gateway.Failures["small"] = new ArgumentException("bug");
            await Expect.ThrowsAsync<ArgumentException>(() => host.Client.GetResponseAsync("x"));
        });
        yield return Path("cancellation", async host =>
        {
            using var caller = new CancellationTokenSource();
            host.Gateway.OnCall = async token =>
            {
                Assert.That(host.InFlight, Is.EqualTo(1));
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
            };
            await Expect.ThrowsAsync<OperationCanceledException>(() => host.Client.GetResponseAsync("x", caller.Token));
        });
        yield return Path("timeout", async host =>
        {
            host.Gateway.OnCall = async token =>
            {
                host.Time.Advance(TimeSpan.FromMinutes(3));
                await Task.Delay(Timeout.Infinite, token);
            };
            await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        });
        yield return Path("budget denial", async host =>
        {
            host.Ledger.OnReserve = _ => throw new BudgetExceededException("no");
            await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync("x"));
        });
        yield return Path("failing settlement", async host =>
        {
            host.Ledger.FailSettle = new InvalidOperationException();
            await host.Client.GetResponseAsync("x");
        });
    }

    private static TestCaseData Path(string name, Func<Host, Task> run) => new TestCaseData(run).SetName($"Nothing_is_under_way_after({name})");

    [TestCaseSource(nameof(Paths))]
    public async Task Nothing_is_under_way_after(Func<Host, Task> run)
    {
        await using var host = new Host();
        await run(host);

        Assert.That(host.InFlight, Is.Zero);
    }

    [Test]
    public void Lease_ends_once_however_often_it_is_asked_to()
    {
        CircuitBreaker Breaker(HealthKind kind) => new(kind, "x", new HealthEnvironment(() => new HealthOptions(), TimeProvider.System, new RandomSource(1), []));
        var deployment = new DeploymentHealth(Breaker(HealthKind.Deployment), new AccountHealth(Breaker(HealthKind.Account)));
        CallLease[] leases = [.. Enumerable.Range(0, 100).Select(_ => deployment.TryEnter(false)!)];
        Assert.That(deployment.InFlight, Is.EqualTo(100));

        Parallel.For(0, 1_000, i =>
        {
            CallLease lease = leases[i % 100];
            lease.Answered();
            lease.End(Diagnosis.Answered);
            lease.Dispose();
        });
        Assert.That(deployment.InFlight, Is.Zero);
        Assert.That(deployment.Breaker.Report().Counts.Succeeded, Is.EqualTo(100));
    }

    [Test]
    public void Limit_is_never_overstepped_and_what_was_refused_is_not_counted()
    {
        CircuitBreaker Breaker(HealthKind kind) => new(kind, "x", new HealthEnvironment(() => new HealthOptions(), TimeProvider.System, new RandomSource(1), []));
        var deployment = new DeploymentHealth(Breaker(HealthKind.Deployment), new AccountHealth(Breaker(HealthKind.Account))) { Limit = 4 };
        int running = 0, most = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (deployment.TryEnter(false) is { } lease)
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref running);
                lease.Dispose();
            }
        });

        Assert.That(most, Is.InRange(1, 4));
        Assert.That(deployment.InFlight, Is.Zero);
    }

    [Test]
    public async Task Refusals_by_the_account_leave_nothing_under_way()
    {
        await using var host = new Host();
        DeploymentHealth deployment = host.Get<ConfigurationSource>().Current.Health[0];
        deployment.Account.Leave(default, CallOutcome.QuotaExhausted, false, null);
        Assert.That(deployment.TryEnter(isLastResort: true), Is.Null);

        host.Time.Advance(TimeSpan.FromHours(1));
        deployment.Breaker.TryEnter(false, out Permit permit);
        deployment.Breaker.Leave(permit, CallOutcome.RateLimited);
        Assert.That(deployment.TryEnter(isLastResort: false), Is.Null, "the account would let it pass, the deployment rests");
        Assert.That(deployment.InFlight, Is.Zero);
        Assert.That(deployment.Account.Breaker.Examine().IsAvailable, Is.True, "the account's trial was given back");
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    internal sealed class Host : IAsyncDisposable
    {
        private readonly PipelineHost _host;

        public Host() => _host = new PipelineHost(null, b =>
        {
            b.UseBudgetPolicy(new PipelineHost.FlatPolicy(100));
            b.Services.AddSingleton<IBudgetLedger>(Ledger);
        });

        public SpyLedger Ledger { get; } = new();

        public ILlmClient Client => _host.Client;

        public ScriptedChatClient Gateway => _host.Gateway;

        public Microsoft.Extensions.Time.Testing.FakeTimeProvider Time => _host.Time;

        public int InFlight
        {
            get
            {
                int sum = 0;
                foreach (DeploymentLoad load in Get<ConfigurationSource>().Current.Health.Loads)
                {
                    sum += load.InFlight;
                }

                return sum;
            }
        }

        public T Get<T>()
            where T : notnull => _host.Get<T>();

        public ValueTask DisposeAsync() => _host.DisposeAsync();
    }
}
