using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Execution;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CallTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [TestCase(120, 60)]
    [TestCase(600, 300)]
    [TestCase(30, 30)]
    public void Call_that_hangs_uses_half_of_the_time_but_a_minute_at_least(int timeout, int expected)
    {
        using CallTimer timer = Of(timeout);
        CancellationToken token = timer.Begin();
        _time.Advance((expected * Second) - TimeSpan.FromMilliseconds(1));
        Assert.That(token.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(token.IsCancellationRequested);
        Assert.That(timer.Explain(new OperationCanceledException(token))!.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
    }

    [Test]
    public void Last_call_has_until_the_deadline()
    {
        using CallTimer timer = Of(120);
        timer.IsLast = true;
        CancellationToken token = timer.Begin();
        _time.Advance(119 * Second);
        Assert.That(token.IsCancellationRequested, Is.False);
        _time.Advance(Second);
        Assert.That(timer.Explain(new OperationCanceledException(token))!.Message, Does.Contain("00:02:00"));
    }

    [Test]
    public void Waiting_for_a_ledger_is_ended_by_the_deadline_only()
    {
        using CallTimer timer = Of(120);
        CancellationToken token = timer.Prepare();
        _time.Advance(100 * Second);
        Assert.That(token.IsCancellationRequested, Is.False);
        timer.Begin();
        _time.Advance(20 * Second);
        Assert.That(token.IsCancellationRequested);
    }

    [Test]
    public async Task Callers_cancellation_ends_the_token_and_is_told_from_a_timeout()
    {
        using var caller = new CancellationTokenSource();
        using CallTimer timer = Of(120, caller.Token);
        CancellationToken token = timer.Begin();
        await caller.CancelAsync();

        Assert.That(token.IsCancellationRequested);
        Assert.That(timer.Explain(new OperationCanceledException()), Is.Null);
    }

    [Test]
    public void Timeout_of_the_gateways_client_is_told_from_the_timers_own()
    {
        using CallTimer timer = Of(120);
        timer.Begin();
        Assert.That(timer.Explain(new OperationCanceledException()), Is.Null, "nobody knows why");
        Assert.That(timer.Explain(new OperationCanceledException("", new TimeoutException()))!.ErrorSource, Is.EqualTo(LlmErrorSource.Gateway));
    }

    [Test]
    public void Timer_that_fires_while_somebody_reads_takes_nothing_away()
    {
        using CallTimer timer = Stream();
        Assert.That(timer.Enter());
        _time.Advance(200 * Second);
        Assert.That(timer.Token.IsCancellationRequested, Is.False, "a stream that is being read isn't closed");
        Assert.That(timer.Leave(hasContent: true));
        bool isLost = false;
        timer.ConsumerLost = () => isLost = true;
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(timer.Token.IsCancellationRequested && isLost, "but then the deadline is seen to be over");
        Assert.That(timer.Enter(), Is.False);
    }

    [Test]
    public void Waits_without_content_add_up_and_content_starts_afresh()
    {
        using CallTimer timer = Stream();
        Wait(15, hasContent: true);
        Wait(12, hasContent: false);
        Assert.That(timer.Enter());
        timer.Wait();
        _time.Advance(7 * Second);
        Assert.That(timer.Token.IsCancellationRequested, Is.False);
        _time.Advance(Second);
        Assert.That(timer.Token.IsCancellationRequested, "12 and 8 seconds");
        Assert.That(timer.Leave(hasContent: true), Is.False, "too late");

        void Wait(int seconds, bool hasContent)
        {
            Assert.That(timer.Enter());
            timer.Wait();
            _time.Advance(seconds * Second);
            Assert.That(timer.Leave(hasContent));
        }
    }

    [Test]
    public void Time_waited_is_the_providers()
    {
        using CallTimer timer = Stream();
        _time.Advance(3 * Second);
        Assert.That(timer.Enter());
        timer.Wait();
        _time.Advance(2 * Second);
        Assert.That(timer.Leave(hasContent: true));
        Assert.That(_time.GetElapsedTime(0, timer.Waited), Is.EqualTo(2 * Second));
    }

    [Test]
    public void Nothing_fires_after_disposal()
    {
        CallTimer timer = Stream();
        timer.ConsumerLost = () => Assert.Fail("The stream has ended.");
        timer.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(timer.Token.IsCancellationRequested, Is.False);
    }

    // Seconds pass while reader and timer meet: whoever wins, the other one knows.
    [Test]
    public void Reader_and_timer_never_both_win()
    {
        int lost = 0;
        int read = 0;
        for (int round = 0; round < 2_000; round++)
        {
            using CallTimer timer = Stream();
            Assert.That(timer.Enter());
            timer.Wait();
            _time.Advance((20 * Second) - TimeSpan.FromMilliseconds(1));
            bool isRead = false;
            Parallel.Invoke(() => _time.Advance(TimeSpan.FromMilliseconds(1)), () => isRead = timer.Leave(hasContent: true));
            Assert.That(timer.Token.IsCancellationRequested, Is.EqualTo(!isRead));
            _ = isRead ? read++ : lost++;
        }

        TestContext.Out.WriteLine($"{read} read, {lost} lost");
    }

    private CallTimer Stream()
    {
        CallTimer timer = Of(120);
        timer.BeginStream();
        timer.Opened();
        Assert.That(timer.Commit());
        return timer;
    }

    private CallTimer Of(int timeout, CancellationToken caller = default) => new(
        Deadline.Of(LlmRequestContext.Default, timeout * Second, _time, _time.GetTimestamp(), caller)) { Limits = CallLimits.Default };
}
