using IntegrationLayer.Sdk.Costing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class UsageNormalizerTests
{
    [Test]
    public void Nothing_reported_is_nothing()
    {
        Assert.That(UsageNormalizer.Normalize(null), Is.Null);
        Assert.That(UsageNormalizer.Normalize(new UsageDetails { ReasoningTokenCount = 5 }), Is.Null);
    }

    [Test]
    public void Parts_are_taken_out_of_their_wholes()
    {
        NormalizedUsage usage = Normalize(new UsageDetails
        {
            InputTokenCount = 100,
            CachedInputTokenCount = 40,
            OutputTokenCount = 50,
            ReasoningTokenCount = 20,
            AdditionalCounts = new()
            {
                [UsageCounts.CacheWrite] = 30,
                [UsageCounts.CacheWriteOneHour] = 10,
                [UsageCounts.AudioInput] = 5,
                [UsageCounts.ImageInput] = 4,
                [UsageCounts.AudioOutput] = 3,
                [UsageCounts.ImageOutput] = 2,
            },
        });

        Assert.That(usage, Is.EqualTo(new NormalizedUsage(
            new TokenUsage
            {
                Input = 21,
                CacheRead = 40,
                CacheWrite = 20,
                CacheWriteOneHour = 10,
                AudioInput = 5,
                ImageInput = 4,
                Output = 25,
                Reasoning = 20,
                AudioOutput = 3,
                ImageOutput = 2,
            },
            PriceStatus.Exact)));
    }

    [Test]
    public void Part_larger_than_its_whole_is_cut_and_marked()
    {
        NormalizedUsage usage = Normalize(new UsageDetails { InputTokenCount = 10, CachedInputTokenCount = 15, OutputTokenCount = 5, ReasoningTokenCount = 9 });

        Assert.That(usage, Is.EqualTo(new NormalizedUsage(new TokenUsage { CacheRead = 10, Reasoning = 5 }, PriceStatus.Estimated)));
    }

    [Test]
    public void Negative_count_is_taken_for_zero_and_marked()
    {
        NormalizedUsage usage = Normalize(new UsageDetails { InputTokenCount = -1, OutputTokenCount = 5 });

        Assert.That(usage, Is.EqualTo(new NormalizedUsage(new TokenUsage { Output = 5 }, PriceStatus.Estimated)));
    }

    [TestCase(null, 5L, 12L, 7, 5, PriceStatus.Estimated)]
    [TestCase(null, null, 12L, 12, 0, PriceStatus.Estimated)]
    [TestCase(null, 5L, null, 0, 5, PriceStatus.Estimated)]
    [TestCase(7L, null, 12L, 7, 5, PriceStatus.Exact)]
    [TestCase(7L, null, 7L, 7, 0, PriceStatus.Exact)]
    [TestCase(7L, null, null, 7, 0, PriceStatus.Estimated)]
    [TestCase(7L, 5L, null, 7, 5, PriceStatus.Exact)]
    [TestCase(7L, 5L, 99L, 7, 5, PriceStatus.Exact)]
    public void Missing_count_comes_from_the_total(long? input, long? output, long? total, int expectedInput, int expectedOutput, PriceStatus basis)
    {
        NormalizedUsage usage = Normalize(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total });

        Assert.That(usage, Is.EqualTo(new NormalizedUsage(new TokenUsage { Input = expectedInput, Output = expectedOutput }, basis)));
    }

    [TestCase(12, 27, 12, 6, Description = "Anthropic: the total shows that input leaves out 4 written and 5 read")]
    [TestCase(21, 27, 12, 6, Description = "already included")]
    [TestCase(12, 30, 12, 6, Description = "thoughts are additional as well")]
    public void Total_shows_what_input_and_output_leave_out(long input, long total, long expectedInput, long expectedOutput)
    {
        NormalizedUsage usage = Normalize(new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = 6,
            TotalTokenCount = total,
            CachedInputTokenCount = 5,
            ReasoningTokenCount = total == 30 ? 3 : 0,
            AdditionalCounts = new() { [UsageCounts.CacheWrite] = 4 },
        });

        Assert.That((usage.Tokens.Input, usage.Tokens.CacheRead, usage.Tokens.CacheWrite, usage.Tokens.Output), Is.EqualTo((expectedInput, 5L, 4L, expectedOutput)));
        Assert.That(usage.Basis, Is.EqualTo(PriceStatus.Exact));
    }

    private static NormalizedUsage Normalize(UsageDetails usage) =>
        UsageNormalizer.Normalize(usage) ?? throw new AssertionException("The usage was taken for missing.");
}
