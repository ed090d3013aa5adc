using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests;

public sealed class SignalTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Signal_that_nobody_waited_for_is_kept_and_several_are_one()
    {
        FakeTimeProvider clock = new();
        Signal signal = new();
        signal.Set();
        signal.Set();

        Assert.That(await signal.WaitAsync(Limit, clock, CancellationToken.None), Is.True);
        Task<bool> second = signal.WaitAsync(Limit, clock, CancellationToken.None);
        Assert.That(second.IsCompleted, Is.False);
        clock.Advance(Limit);
        Assert.That(await second, Is.False);
    }

    [Test]
    public async Task Milestone_wakes_whom_it_has_reached()
    {
        Milestone milestone = new();
        Task five = milestone.WaitAsync(5, CancellationToken.None);
        Task ten = milestone.WaitAsync(10, CancellationToken.None);
        milestone.Reach(7);
        milestone.Reach(6);

        await five;
        Assert.That((ten.IsCompleted, milestone.Value, milestone.WaitAsync(7, CancellationToken.None).IsCompleted), Is.EqualTo((false, 7L, true)));
        milestone.Reach(10);
        await ten;
    }
}
