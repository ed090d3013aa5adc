using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class AcceptanceModelTests
{
    private static readonly AcceptancePrior Open = new([0, 0], [4, 0, 0, 4]);

    [Test]
    public void Model_that_knows_nothing_says_one_in_two() => Assert.That(new AcceptanceModel(Open).RiskOf([1, 1]), Is.EqualTo(0.5).Within(1e-9));

    [Test]
    public void Model_learns_what_tells_right_from_wrong()
    {
        var model = new AcceptanceModel(Open);
        for (int i = 0; i < 200; i++)
        {
            model.Learn([1, i % 2 == 0 ? 1 : -1], isRight: i % 2 == 0);
        }

        Assert.That(model.RiskOf([1, 1]), Is.LessThan(0.1));
        Assert.That(model.RiskOf([1, -1]), Is.GreaterThan(0.9));
    }

    [Test]
    public void Model_learns_the_rate_of_what_it_sees()
    {
        var model = new AcceptanceModel(Open);
        for (int i = 0; i < 2_000; i++)
        {
            model.Learn([1, 0], isRight: i % 10 != 0);
        }

        Assert.That(model.RiskOf([1, 0]), Is.EqualTo(0.1).Within(0.02));
    }

    [Test]
    public void Uncertain_weights_draw_towards_a_half()
    {
        var certain = new AcceptanceModel(new AcceptancePrior([3, 0], [0.0001, 0, 0, 0.0001]));
        var uncertain = new AcceptanceModel(new AcceptancePrior([3, 0], [9, 0, 0, 9]));

        Assert.That(uncertain.RiskOf([1, 0]), Is.GreaterThan(certain.RiskOf([1, 0])));
    }

    [Test]
    public void Learning_changes_no_other_model()
    {
        var model = new AcceptanceModel(AcceptancePrior.Embedded);
        double[] features = new double[(int)Feature.Count];
        features[0] = 1;
        double before = new AcceptanceModel(AcceptancePrior.Embedded).RiskOf(features);

        model.Learn(features, isRight: true);

        Assert.That(new AcceptanceModel(AcceptancePrior.Embedded).RiskOf(features), Is.EqualTo(before));
    }

    [Test]
    public void Prior_is_read_as_it_was_written()
    {
        using var stream = new MemoryStream();
        AcceptancePrior.Embedded.Write(stream);
        stream.Position = 0;

        var read = AcceptancePrior.Read(stream);

        Assert.That(read.Weights, Is.EqualTo(AcceptancePrior.Embedded.Weights));
        Assert.That(read.Covariance, Is.EqualTo(AcceptancePrior.Embedded.Covariance));
    }
}
