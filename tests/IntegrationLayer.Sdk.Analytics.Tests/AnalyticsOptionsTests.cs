namespace IntegrationLayer.Sdk.Analytics.Tests;

public sealed class AnalyticsOptionsTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake(o => o.QueueCapacity = 0, "AnalyticsOptions.QueueCapacity is 0; set it from 1 to 1000000.");
        yield return Mistake(o => o.MaxJournalBytes = 1, "AnalyticsOptions.MaxJournalBytes is 1; set it from 1048576");
        yield return Mistake(o => o.StoreInterval = TimeSpan.FromSeconds(11), "AnalyticsOptions.StoreInterval is 00:00:11");
        yield return Mistake(o => o.KeepRecords = TimeSpan.Zero, "AnalyticsOptions.KeepRecords is 00:00:00; set it from 1.00:00:00 to 3650.00:00:00.");
        yield return Mistake(o => o.KeepMinutes = TimeSpan.FromHours(1), "AnalyticsOptions.KeepMinutes is 01:00:00");
        yield return Mistake(o => o.KeepHours = TimeSpan.FromDays(2), "minutes for 7 days, hours for 2 and days for 1095", "Raise KeepHours or KeepDays");
        yield return Mistake(o => o.KeepDays = TimeSpan.FromDays(5_000), "AnalyticsOptions.KeepDays is 5000.00:00:00");
        yield return Mistake(o => o.CommandTimeout = TimeSpan.Zero, "AnalyticsOptions.CommandTimeout is 00:00:00");
        yield return Mistake(o => o.JournalPath = " ", "AnalyticsOptions.JournalPath is blank");
    }

    [Test]
    public void Defaults_are_valid() => Assert.That(new AnalyticsOptionsValidator().Validate(null, new AnalyticsOptions()).Failed, Is.False);

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_is_named_with_its_value_and_its_cure(Action<AnalyticsOptions> mistake, string[] expected)
    {
        AnalyticsOptions options = new();
        mistake(options);
        string errors = string.Join('\n', new AnalyticsOptionsValidator().Validate(null, options).Failures ?? []);

        foreach (string part in expected)
        {
            Assert.That(errors, Does.Contain(part));
        }
    }

    private static TestCaseData Mistake(Action<AnalyticsOptions> mistake, params string[] expected) =>
        new TestCaseData(mistake, expected).SetName($"Mistake_is_named_with_its_value_and_its_cure({expected[0]})");
}
