using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Execution;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeadlineTests
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(2);
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Earlier_of_timeout_and_deadline_applies()
    {
        Deadline deadline = Of(new LlmRequestContext { Timeout = TimeSpan.FromSeconds(20), Deadline = _time.GetUtcNow().AddSeconds(5) });
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.FromSeconds(5)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.FromSeconds(3)));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Default_applies_when_the_request_says_nothing() => Assert.That(Of(LlmRequestContext.Default).Remaining, Is.EqualTo(Default));

    [Test]
    public void Time_since_the_request_began_counts()
    {
        long began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Of(LlmRequestContext.Default, began).Remaining, Is.EqualTo(TimeSpan.FromSeconds(90)));
        Assert.That(Of(new LlmRequestContext { Deadline = _time.GetUtcNow().AddSeconds(5) }, began).Remaining, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Request_whose_time_is_over_is_not_sent()
    {
        long began = _time.GetTimestamp();
        _time.Advance(Default);
        LlmException late = Assert.Throws<LlmException>(() => Of(LlmRequestContext.Default, began))!;
        Assert.That((late.ErrorClass, late.MayBeBilled), Is.EqualTo((LlmErrorClass.Timeout, false)));
        Assert.That(
            Assert.Throws<LlmException>(() => Of(new LlmRequestContext { Deadline = _time.GetUtcNow().AddSeconds(-1) }, _time.GetTimestamp()))!.Message,
            Does.Contain("-00:00:01"));
    }

    [Test]
    public void No_timeout_lasts_as_long_as_a_timer_can() =>
        Assert.That(Of(new LlmRequestContext { Timeout = Timeout.InfiniteTimeSpan }).Remaining, Is.GreaterThan(TimeSpan.FromDays(24)));

    private Deadline Of(LlmRequestContext context, long? began = null) => Deadline.Of(context, Default, _time, began ?? _time.GetTimestamp(), default);
}
