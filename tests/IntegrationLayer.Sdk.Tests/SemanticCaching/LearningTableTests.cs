using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class LearningTableTests
{
    [Test]
    public void Partitions_learn_apart_and_the_one_unused_for_longest_is_forgotten()
    {
        var table = new LearningTable(Options.Create(new SemanticCacheOptions { MaxPartitions = 2 }), new RandomSource(1), TimeProvider.System);
        PartitionLearning first = table[new LearnerKey(0, "first", null)];
        PartitionLearning second = table[new LearnerKey(0, "second", null)];

        Assert.That(table[new LearnerKey(0, "first", null)], Is.SameAs(first));
        Assert.That(second, Is.Not.SameAs(first));
        _ = table[new LearnerKey(0, "third", null)];
        Assert.That(table[new LearnerKey(0, "first", null)], Is.SameAs(first));
        Assert.That(table[new LearnerKey(0, "second", null)], Is.Not.SameAs(second));
    }
}
