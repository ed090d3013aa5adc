using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class WaitingLineTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Each_end_of_a_call_lets_the_first_in_line_look()
    {
        var line = new WaitingLine();
        using WaitingLine.Place first = line.Join();
        using WaitingLine.Place second = line.Join();
        Task one = WaitAsync(first), two = WaitAsync(second);
        line.Advance();
        await one;
        Assert.That(two.IsCompleted, Is.False);

        line.Advance();
        await two;
        Assert.That(line.Count, Is.EqualTo(2), "they have not given up their places yet");
    }

    [Test]
    public async Task Who_was_called_and_has_no_use_for_it_passes_it_on()
    {
        var line = new WaitingLine();
        WaitingLine.Place first = line.Join();
        using WaitingLine.Place second = line.Join();
        Task two = WaitAsync(second);
        line.Advance();
        first.Dispose();

        await two;
        Assert.That(line.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_has_left_is_not_called()
    {
        var line = new WaitingLine();
        line.Join().Dispose();
        using WaitingLine.Place next = line.Join();
        Task waiting = WaitAsync(next);
        line.Advance();

        await waiting;
    }

    [Test]
    public async Task Time_ends_a_wait_and_so_does_the_caller()
    {
        var line = new WaitingLine();
        using WaitingLine.Place place = line.Join();
        Task timed = WaitAsync(place);
        _time.Advance(TimeSpan.FromSeconds(1));
        await timed;

        using var caller = new CancellationTokenSource();
        using WaitingLine.Place other = line.Join();
        Task cancelled = other.WaitAsync(TimeSpan.FromSeconds(1), _time, caller.Token).AsTask();
        await caller.CancelAsync();
        await Expect.ThrowsAsync<TaskCanceledException>(() => cancelled);
    }

    [Test]
    public void Nobody_waiting_costs_nothing_and_does_nothing() => Assert.DoesNotThrow(new WaitingLine().Advance);

    private Task WaitAsync(WaitingLine.Place place) => place.WaitAsync(TimeSpan.FromSeconds(1), _time, CancellationToken.None).AsTask();
}
