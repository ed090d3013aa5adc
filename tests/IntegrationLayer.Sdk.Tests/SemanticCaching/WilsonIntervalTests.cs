using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class WilsonIntervalTests
{
    // Reckoned by hand from the formula, z = 1.645.
    [TestCase(0, 0, 0, 1)]
    [TestCase(0, 100, 0, 0.02635)]
    [TestCase(5, 100, 0.02455, 0.09917)]
    [TestCase(100, 100, 0.97365, 1)]
    public void Bounds_are_those_of_the_formula(int count, int total, double lower, double upper)
    {
        (double low, double high) = WilsonInterval.Of(count, total);

        Assert.That(low, Is.EqualTo(lower).Within(1e-4));
        Assert.That(high, Is.EqualTo(upper).Within(1e-4));
    }
}
