using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests;

public sealed class StoreBreakerTests
{
    private readonly FakeTimeProvider _clock = new();
    private StoreBreaker _breaker = null!;

    [SetUp]
    public void Create() => _breaker = new StoreBreaker(_clock);

    [Test]
    public void Failures_in_a_row_open_it()
    {
        Fail(4);
        bool wasOpen = _breaker.IsOpen;
        Fail(1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasOpen, Is.False);
            Assert.That(_breaker.IsOpen);
            Assert.That(_breaker.TryEnter(), Is.False);
        }
    }

    [Test]
    public void Success_between_failures_keeps_it_closed()
    {
        Fail(4);
        _breaker.Succeeded();
        Fail(4);

        Assert.That(_breaker.TryEnter());
    }

    [Test]
    public void Pause_lets_one_call_through_and_its_success_closes_it()
    {
        Fail(5);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        bool[] entered = [_breaker.TryEnter(), _breaker.TryEnter()];
        _breaker.Succeeded();

        Assert.That(entered, Is.EqualTo([true, false]));
        Assert.That(_breaker.IsOpen, Is.False);
    }

    [Test]
    public void Failed_probe_doubles_the_pause_up_to_the_longest()
    {
        Fail(5);
        List<double> pauses = [];
        for (int probe = 0; probe < 8; probe++)
        {
            int waited = 0;
            while (!_breaker.TryEnter())
            {
                _clock.Advance(TimeSpan.FromMilliseconds(250));
                waited += 250;
            }

            pauses.Add(waited);
            _breaker.Failed();
        }

        Assert.That(pauses, Is.EqualTo([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]));
    }

    [Test]
    public void Cancelled_probe_leaves_the_next_one_to_others()
    {
        Fail(5);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        _breaker.TryEnter();
        _breaker.Left();

        Assert.That(_breaker.TryEnter());
    }

    [Test]
    public void Late_failure_of_an_earlier_call_doesnt_prolong_the_pause()
    {
        Fail(5);
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        _breaker.Failed();
        _clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.That(_breaker.TryEnter());
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _breaker.TryEnter();
            _breaker.Failed();
        }
    }
}
