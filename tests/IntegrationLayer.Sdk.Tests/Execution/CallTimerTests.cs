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

    [TestCase(120, 60)]
    [TestCase(600, 120)]
    public void Model_that_reasons_and_hangs_leaves_time_for_others(int timeout, int expectedOfStream)
    {
        var limits = new CallLimits(null, TimeSpan.FromMinutes(2), 20 * Second, TimeSpan.FromMinutes(5));
        Assert.That(limits.ForAnswer(timeout * Second), Is.EqualTo(timeout / 2 * Second));
        Assert.That(limits.ForOpening(timeout * Second), Is.EqualTo(expectedOfStream * Second));
        Assert.That(limits.ForFirstContent(timeout * Second), Is.EqualTo(expectedOfStream * Second));
    }

    [Test]
    public void Time_for_an_attempt_that_was_set_holds_and_leaves_the_first_token_its_own()
    {
        var limits = new CallLimits(10 * Second, TimeSpan.FromMinutes(2), 20 * Second, TimeSpan.FromMinutes(5));
        Assert.That(limits.ForAnswer(120 * Second), Is.EqualTo(10 * Second));
        Assert.That(limits.ForOpening(120 * Second), Is.EqualTo(10 * Second));
        Assert.That(limits.ForFirstContent(120 * Second), Is.EqualTo(120 * Second));
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
        timer.Prepare();
        CancellationToken token = timer.Token;
        _time.Advance(100 * Second);
        Assert.That(token.IsCancellationRequested, Is.False);
        timer.Begin();
        _time.Advance(20 * Second);
        Assert.That(token.IsCancellationRequested);
    }

    [Test]
    public void Timer_of_a_whole_answer_serves_the_next_call_with_its_own_limits()
    {
        var pool = new CallTimerPool();
        CallTimer first = pool.Rent(DeadlineOf(120));
        first.IsLast = true;
        CancellationToken old = first.Begin();
        _time.Advance(100 * Second);
        first.Dispose();

        using CallTimer second = pool.Rent(DeadlineOf(120));
        CancellationToken token = second.Begin();
        _time.Advance((60 * Second) - TimeSpan.FromMilliseconds(1));

        Assert.That(second, Is.SameAs(first));
        Assert.That(token.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(token.IsCancellationRequested);
        Assert.That(second.Explain(new OperationCanceledException(token))!.Message, Does.Contain("00:01:00"));
        Assert.That(old, Is.EqualTo(token));
    }

    [Test]
    public void Timer_at_rest_ends_nothing()
    {
        var pool = new CallTimerPool();
        CallTimer timer = pool.Rent(DeadlineOf(10));
        CancellationToken token = timer.Begin();
        timer.Dispose();

        _time.Advance(100 * Second);

        Assert.That(token.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Timer_whose_call_was_ended_serves_no_other([Values] bool byCaller)
    {
        var pool = new CallTimerPool();
        using var caller = new CancellationTokenSource();
        CallTimer ended = pool.Rent(DeadlineOf(120, caller.Token));
        ended.Begin();
        if (byCaller)
        {
            await caller.CancelAsync();
        }
        else
        {
            _time.Advance(120 * Second);
        }

        ended.Dispose();

        using CallTimer next = pool.Rent(DeadlineOf(120));
        Assert.That(next, Is.Not.SameAs(ended));
        Assert.That(next.Begin().IsCancellationRequested, Is.False);
    }

    [Test]
    public void Timer_of_a_stream_or_of_nothing_sent_serves_no_other([Values] bool isStream)
    {
        var pool = new CallTimerPool();
        CallTimer used = pool.Rent(DeadlineOf(120));
        if (isStream)
        {
            used.BeginStream();
            used.Opened();
        }
        else
        {
            used.Prepare();
        }

        used.Dispose();

        using CallTimer next = pool.Rent(DeadlineOf(120));
        Assert.That(next, Is.Not.SameAs(used));
    }

    [Test]
    public void Pool_keeps_a_bounded_number()
    {
        var pool = new CallTimerPool();
        CallTimer[] timers = [.. Enumerable.Range(0, 1100).Select(_ => pool.Rent(DeadlineOf(120)))];
        foreach (CallTimer timer in timers)
        {
            timer.Begin();
            timer.Dispose();
        }

        CallTimer[] again = [.. Enumerable.Range(0, 1100).Select(_ => pool.Rent(DeadlineOf(120)))];

        Assert.That(again.Intersect(timers).Count(), Is.EqualTo(1024));
        Assert.That(again.Distinct().Count(), Is.EqualTo(1100));
        Array.ForEach(again, t => t.Dispose());
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

    private CallTimer Of(int timeout, CancellationToken caller = default) => new(DeadlineOf(timeout, caller)) { Limits = CallLimits.Default };

    private Deadline DeadlineOf(int timeout, CancellationToken caller = default) =>
        Deadline.Of(LlmRequestContext.Default, timeout * Second, _time, _time.GetTimestamp(), caller);
}
