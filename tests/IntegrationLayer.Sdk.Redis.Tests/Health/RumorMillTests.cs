using IntegrationLayer.Sdk.Redis.Health;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Redis.Tests.Health;

/// <summary>What is told, and what is believed.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RumorMillTests : IAsyncDisposable
{
    private const string Deployment = "lab/gpt-4o";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly RumorSeal _seal = new(GossipHost.Key, "test");
    private readonly GossipHost _here;
    private readonly GossipHost _there;

    public RumorMillTests()
    {
        _here = new GossipHost(time: _time);
        _there = new GossipHost(time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [TestCase(HealthState.Open, true)]
    [TestCase(HealthState.Cooling, true)]
    [TestCase(HealthState.Benched, true)]
    [TestCase(HealthState.Healthy, false)]
    [TestCase(HealthState.Degraded, false)]
    [TestCase(HealthState.HalfOpen, false)]
    [TestCase(HealthState.Recovering, false)]
    public void Only_that_something_is_ill_is_told(HealthState state, bool isTold) =>
        Assert.That(Told(state: state), isTold ? Is.Not.Null : Is.Null);

    [Test]
    public void Rest_is_taken_over_less_the_time_it_took_to_hear_of_it()
    {
        string message = _seal.Write(Told()!);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(Hear(message));
        HealthVerdict verdict = _here.Examine(HealthKind.Deployment, Deployment);
        Assert.That((verdict.State, verdict.Until), Is.EqualTo((HealthState.Cooling, (DateTimeOffset?)(_time.GetUtcNow() + Minute - TimeSpan.FromSeconds(10)))));
    }

    [Test]
    public void Long_rest_is_cut_short()
    {
        Assert.That(Hear(_seal.Write(Told(HealthKind.Account, "lab", HealthState.Benched, TimeSpan.FromDays(3))!)));
        Assert.That(_here.Examine(HealthKind.Account, "lab").Until, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromMinutes(15)));
    }

    [Test]
    public void What_is_open_elsewhere_opens_here_at_the_next_failure_only()
    {
        Assert.That(Hear(_seal.Write(Told(state: HealthState.Open)!)));
        Assert.That(_here.Examine(HealthKind.Deployment, Deployment).State, Is.EqualTo(HealthState.Healthy));
        _here.Call(HealthKind.Deployment, Deployment, CallOutcome.Failure);
        Assert.That(_here.Examine(HealthKind.Deployment, Deployment).State, Is.EqualTo(HealthState.Open));
    }

    // The first test is the control: the same rumor, as it should be, is believed.
    [TestCase("nothing wrong", true)]
    [TestCase("forged")]
    [TestCase("tampered")]
    [TestCase("of another channel")]
    [TestCase("stale")]
    [TestCase("of the future")]
    [TestCase("expired")]
    [TestCase("own")]
    [TestCase("of another credential")]
    [TestCase("of something unknown")]
    [TestCase("garbage")]
    [TestCase("too long")]
    public async Task Rumor_is_believed_only_if_it_should_be(string fault, bool isBelieved = false)
    {
        Rumor rumor = Told()!;
        await using var other = new GossipHost(apiKey: "sk-2", time: _time);
        string message = fault switch
        {
            "forged" => new RumorSeal("a key that somebody guessed", "test").Write(rumor),
            "tampered" => _seal.Write(rumor).Replace("60000", "600000", StringComparison.Ordinal),
            "of another channel" => new RumorSeal(GossipHost.Key, "elsewhere").Write(rumor),
            "expired" => _seal.Write(rumor with { Rest = TimeSpan.FromSeconds(1), SentAt = rumor.SentAt.AddSeconds(-2) }),
            "stale" => _seal.Write(rumor with { SentAt = rumor.SentAt.AddSeconds(-31) }),
            "of the future" => _seal.Write(rumor with { SentAt = rumor.SentAt.AddSeconds(31) }),
            "of another credential" => _seal.Write(other.Mill(time: _time).Of(new HealthChange(HealthKind.Deployment, Deployment, default, HealthState.Cooling, _time.GetUtcNow() + Minute, null))!),
            "of something unknown" => _seal.Write(rumor with { Name = "lab/none" }),
            "garbage" => "\n\n\n",
            "too long" => _seal.Write(rumor with { Name = new string('a', 3_000) }),
            _ => _seal.Write(rumor),
        };
        RumorMill mill = _here.Mill(time: _time);
        if (fault == "own")
        {
            message = _seal.Write(mill.Of(new HealthChange(HealthKind.Deployment, Deployment, default, HealthState.Cooling, _time.GetUtcNow() + Minute, null))!);
        }

        Assert.That(mill.Hear(_seal.Read(message)), Is.EqualTo(isBelieved));
        Assert.That(_here.Examine(HealthKind.Deployment, Deployment).State, Is.EqualTo(isBelieved ? HealthState.Cooling : HealthState.Healthy));
    }

    [Test]
    public void Flood_is_heard_up_to_a_hundred_a_second()
    {
        RumorMill mill = _here.Mill(time: _time);
        string message = _seal.Write(Told()!);
        Assert.That(Enumerable.Range(0, 1_000).Count(_ => mill.Hear(_seal.Read(message))), Is.EqualTo(100));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(mill.Hear(_seal.Read(message)));
    }

    private bool Hear(string message) => _here.Mill(time: _time).Hear(_seal.Read(message));

    private Rumor? Told(HealthKind kind = HealthKind.Deployment, string name = Deployment, HealthState state = HealthState.Cooling, TimeSpan? rest = null) =>
        _there.Mill(time: _time).Of(new HealthChange(kind, name, HealthState.Healthy, state, _time.GetUtcNow() + (rest ?? Minute), null));
}
