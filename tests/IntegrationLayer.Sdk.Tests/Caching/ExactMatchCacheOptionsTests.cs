using IntegrationLayer.Sdk.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class ExactMatchCacheOptionsTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.TimeToLive = TimeSpan.Zero), "TimeToLive is 00:00:00");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.TimeToLive = TimeSpan.FromDays(91)), "TimeToLive is 91.00:00:00");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.Jitter = double.NaN), "Jitter is NaN; set it from 0 to 0.5");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.StaleWhileRevalidate = TimeSpan.FromSeconds(-1)), "StaleWhileRevalidate is -00:00:01");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.MaxTemperature = 3), "MaxTemperature is 3; set it from 0 to 2");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.MaxBytes = 1), "MaxBytes is 1");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.MaxAnswerBytes = o.MaxBytes + 1), "MaxAnswerBytes is 67108865");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.Scope = (CacheScope)9), "Scope is 9; set it to Tenant, User or Shared");
        yield return new TestCaseData((Action<ExactMatchCacheOptions>)(o => o.InstallationKey = "secret"), "InstallationKey has 6 characters");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_is_named_with_its_cure(Action<ExactMatchCacheOptions> configure, string message)
    {
        using ServiceProvider services = new ServiceCollection().AddIntegrationLayer().UseExactMatchCache(configure).Services.BuildServiceProvider();
        OptionsValidationException? error = Assert.Throws<OptionsValidationException>(() => _ = services.GetRequiredService<IOptions<ExactMatchCacheOptions>>().Value);
        Assert.That(error!.Message, Does.Contain($"ExactMatchCacheOptions.{message}"));
        Assert.That(error.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public void Defaults_are_usable()
    {
        using ServiceProvider services = new ServiceCollection().AddIntegrationLayer().UseExactMatchCache().Services.BuildServiceProvider();
        Assert.That(services.GetRequiredService<IOptions<ExactMatchCacheOptions>>().Value.Scope, Is.EqualTo(CacheScope.Tenant));
    }
}
