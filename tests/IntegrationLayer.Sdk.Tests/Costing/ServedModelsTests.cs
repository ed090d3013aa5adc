using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class ServedModelsTests
{
    private static readonly ModelInfo Mini = ModelCatalogue.Embedded.Find("openai", "gpt-4o-mini")!;
    private readonly ServedModels _served = new(ModelCatalogue.Embedded);

    [TestCase(null, TestName = "No_name_says_nothing")]
    [TestCase("gpt-4o-mini", TestName = "Own_name_is_the_same_model")]
    [TestCase("gpt-4o-mini-2024-07-18", TestName = "Snapshot_at_the_same_price_is_the_same_model")]
    [TestCase("my-deployment-7", TestName = "Name_that_the_catalogue_doesnt_know_says_nothing")]
    public void Same(string? served) => Assert.That(_served.OtherThan(SettlementPrices.Deployment(Mini), served), Is.Null);

    [Test]
    public void Another_known_model_is_found_again_and_again()
    {
        Deployment deployment = SettlementPrices.Deployment(Mini);

        Assert.That(_served.OtherThan(deployment, "gpt-4o")!.Model, Is.EqualTo("gpt-4o"));
        Assert.That(_served.OtherThan(deployment, "gpt-4o")!.Model, Is.EqualTo("gpt-4o"));
    }

    [Test]
    public void Identifier_that_stands_for_a_model_of_another_name_is_the_same_model() =>
        Assert.That(_served.OtherThan(SettlementPrices.Deployment(Mini with { Model = "house-model" }, modelId: "gpt-4o"), "openai/gpt-4o"), Is.Null);

    [Test]
    public void Users_own_price_holds_whatever_answers() =>
        Assert.That(_served.OtherThan(SettlementPrices.Deployment(Mini, isPricedByUser: true), "gpt-4o"), Is.Null);

    [Test]
    public void Memory_of_names_is_bounded()
    {
        Deployment deployment = SettlementPrices.Deployment(Mini);
        for (int i = 0; i < (2 * ServedModels.MaxNames) + 1; i++)
        {
            _served.OtherThan(deployment, $"unknown-{i}");
        }

        Assert.That(_served.OtherThan(deployment, "gpt-4o")!.Model, Is.EqualTo("gpt-4o"));
    }
}
