using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

/// <summary>A breaker whose clock stands still, and what it told its observers.</summary>
internal sealed class BreakerHost : IHealthObserver
{
    public BreakerHost(Action<HealthOptions>? configure = null, ulong seed = 1)
    {
        Options.Jitter = 0;
        configure?.Invoke(Options);
        Breaker = new CircuitBreaker(HealthKind.Deployment, "lab/small", new HealthEnvironment(() => Options, Time, new RandomSource(seed), [this]));
    }

    public HealthOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public CircuitBreaker Breaker { get; }

    public List<HealthChange> Changes { get; } = [];

    public HealthState State => Breaker.Examine().State;

    public void Changed(in HealthChange change) => Changes.Add(change);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public Permit Enter(bool isLastResort = false)
    {
        Assert.That(Breaker.TryEnter(isLastResort, out Permit permit), Is.True, "it may be entered");
        return permit;
    }

    public bool MayEnter(bool isLastResort = false)
    {
        bool mayEnter = Breaker.TryEnter(isLastResort, out Permit permit);
        if (mayEnter)
        {
            Breaker.Leave(permit, CallOutcome.Neutral);
        }

        return mayEnter;
    }

    public void Call(CallOutcome outcome, int times = 1, TimeSpan? retryAfter = null)
    {
        for (int i = 0; i < times; i++)
        {
            Breaker.Leave(Enter(), outcome, retryAfter);
        }
    }

    /// <summary>Opens it, and lets its pause pass.</summary>
    public void BringToTrial()
    {
        Call(CallOutcome.Failure, Options.ConsecutiveFailures);
        Assert.That(State, Is.EqualTo(HealthState.Open));
        Time.Advance(Options.MaxPause);
        Assert.That(State, Is.EqualTo(HealthState.HalfOpen));
    }

    public void BringToRecovery()
    {
        BringToTrial();
        Call(CallOutcome.Success, Options.TrialCalls);
        Assert.That(State, Is.EqualTo(HealthState.Recovering));
    }
}
