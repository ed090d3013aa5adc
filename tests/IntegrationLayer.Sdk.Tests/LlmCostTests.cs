namespace IntegrationLayer.Sdk.Tests;

internal sealed class LlmCostTests
{
    [TestCase(PriceStatus.Exact, "$0.0025")]
    [TestCase(PriceStatus.Estimated, "~$0.0025")]
    [TestCase(PriceStatus.UpperBound, "≤$0.0025")]
    [TestCase(PriceStatus.Unknown, "unknown")]
    public void Text_says_how_far_to_trust_the_amount(PriceStatus status, string expected) =>
        Assert.That(new LlmCost(0.00250m, status).ToString(), Is.EqualTo(expected));

    [Test]
    public void Sum_is_as_trustworthy_as_its_least_trustworthy_part()
    {
        LlmCost sum = new LlmCost(1, PriceStatus.Exact) + new LlmCost(2, PriceStatus.UpperBound) + LlmCost.None;
        Assert.That(sum, Is.EqualTo(new LlmCost(3, PriceStatus.UpperBound)));
        Assert.That(sum.IsExact, Is.False);
        Assert.That(LlmCost.None.IsExact);
        Assert.That((sum + LlmCost.Unknown).Status, Is.EqualTo(PriceStatus.Unknown));
    }
}
