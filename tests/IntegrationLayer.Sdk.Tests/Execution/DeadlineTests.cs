using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Execution;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeadlineTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Earlier_of_timeout_and_deadline_applies()
    {
        var context = new LlmRequestContext { Timeout = TimeSpan.FromSeconds(20), Deadline = _time.GetUtcNow().AddSeconds(5) };
        using Deadline deadline = Deadline.Start(context, TimeSpan.FromMinutes(2), _time, default);
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.FromSeconds(5)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(deadline.Token.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.Zero));
        Assert.That(deadline.Token.IsCancellationRequested);
    }

    [Test]
    public void Default_applies_when_the_request_says_nothing()
    {
        using Deadline deadline = Deadline.Start(LlmRequestContext.Default, TimeSpan.FromMinutes(2), _time, default);
        Assert.That(deadline.Remaining, Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task Callers_cancellation_ends_the_token_and_is_told_from_a_timeout()
    {
        using var caller = new CancellationTokenSource();
        using Deadline deadline = Deadline.Start(LlmRequestContext.Default, TimeSpan.FromMinutes(2), _time, caller.Token);
        await caller.CancelAsync();

        Assert.That(deadline.Token.IsCancellationRequested);
        Assert.That(deadline.Explain(new OperationCanceledException()), Is.Null);
    }

    [Test]
    public void Timeout_is_told_from_the_callers_cancellation()
    {
        using Deadline deadline = Deadline.Start(LlmRequestContext.Default, TimeSpan.FromSeconds(1), _time, default);
        Assert.That(deadline.Explain(new OperationCanceledException()), Is.Null, "not over yet");
        _time.Advance(TimeSpan.FromSeconds(1));
        LlmException? timeout = deadline.Explain(new OperationCanceledException());

        Assert.That(timeout!.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
        Assert.That(timeout.MayBeBilled);
    }
}
