using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Models;

[TestFixture]
public sealed class PriceWindowTests
{
    // A Monday.
    private static readonly DateTimeOffset Midnight = new(2026, 9, 21, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Contains_by_default_is_always_true()
    {
        Assert.That(new PriceWindow().Contains(Midnight.AddMinutes(1439)), Is.True);
    }

    [TestCase(59, false)]
    [TestCase(60, true)]
    [TestCase(119, true)]
    [TestCase(120, false)]
    public void Contains_within_a_day_includes_the_start_and_excludes_the_end(int minute, bool expected)
    {
        PriceWindow window = new() { StartMinute = 60, EndMinute = 120 };

        Assert.That(window.Contains(Midnight.AddMinutes(minute)), Is.EqualTo(expected));
    }

    [Test]
    public void Contains_on_other_days_is_false()
    {
        PriceWindow window = new() { Days = [DayOfWeek.Tuesday], StartMinute = 60, EndMinute = 120 };

        Assert.That(window.Contains(Midnight.AddMinutes(60)), Is.False);
        Assert.That(window.Contains(Midnight.AddDays(1).AddMinutes(60)), Is.True);
    }

    [TestCase(23.5, true)]
    [TestCase(24.5, true)]
    [TestCase(25.5, false)]
    [TestCase(0.5, false)]
    public void Contains_over_midnight_belongs_to_the_day_it_began(double hours, bool expected)
    {
        PriceWindow window = new() { Days = [DayOfWeek.Monday], StartMinute = 23 * 60, EndMinute = 60 };

        Assert.That(window.Contains(Midnight.AddHours(hours)), Is.EqualTo(expected));
    }

    [Test]
    public void Contains_compares_in_utc()
    {
        PriceWindow window = new() { StartMinute = 60, EndMinute = 120 };

        Assert.That(window.Contains(new DateTimeOffset(2026, 9, 21, 9, 30, 0, TimeSpan.FromHours(8))), Is.True);
    }
}
