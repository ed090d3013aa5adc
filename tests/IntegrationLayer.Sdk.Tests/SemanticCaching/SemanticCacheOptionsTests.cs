using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class SemanticCacheOptionsTests
{
    private static readonly SemanticCacheOptionsValidator Validator = new();

    [Test]
    public void Defaults_are_valid() => Assert.That(Validator.Validate(null, new SemanticCacheOptions()).Succeeded, Is.True);

    [Test]
    public void Every_mistake_is_said_at_once_with_the_value_and_the_cure()
    {
        ValidateOptionsResult result = Validator.Validate(null, new SemanticCacheOptions
        {
            MaxFalseHitRate = double.NaN,
            MinConfidence = 0.2,
            ShadowRate = -1,
            EmbeddingTimeout = TimeSpan.Zero,
            MinSimilarity = 2,
            AnswerSimilarity = 0.1,
            MaxTurns = 0,
            MaxQuestionLength = 5_000,
            MaxEntries = 0,
            MaxBytes = 1,
            MaxPartitions = 0,
        });

        Assert.That(result.Failures, Has.Exactly(11).Items);
        Assert.That(result.FailureMessage, Does.Contain("SemanticCacheOptions.MaxQuestionLength is 5000. Set it from 16 to 2000."));
        Assert.That(result.FailureMessage, Does.Contain("EmbeddingTimeout is 00:00:00"));
    }
}
