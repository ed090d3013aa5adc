using FsCheck.NUnit;
using IntegrationLayer.Sdk.Usage;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace IntegrationLayer.Sdk.Tests.Usage;

public sealed class LatencyHistogramTests
{
    [Property(MaxTest = 300)]
    public bool Percentile_is_within_a_thirty_second_of_the_true_one(uint[] microseconds, byte percent)
    {
        if (microseconds.Length == 0)
        {
            return true;
        }

        double share = percent % 101 / 100d;
        LatencyHistogram histogram = Of(microseconds);
        uint[] ordered = [.. microseconds.Order()];
        double exact = ordered[Math.Max(0, (int)Math.Ceiling(share * ordered.Length) - 1)];
        double found = histogram.Percentile(share).TotalMicroseconds;
        return Math.Abs(found - exact) <= (exact / 32) + 0.1;
    }

    [Property(MaxTest = 200)]
    public bool Sum_of_histograms_is_the_histogram_of_all(uint[] left, uint[] right)
    {
        LatencyHistogram sum = Of(left);
        sum.Add(Of(right));
        return sum.Count == left.Length + right.Length && sum.ToBytes().SequenceEqual(Of([.. left, .. right]).ToBytes());
    }

    [Property(MaxTest = 200)]
    public bool Bytes_give_the_counts_back_and_add_up_end_to_end(uint[] left, uint[] right)
    {
        var read = new LatencyHistogram();
        read.Add([.. Of(left).ToBytes(), .. Of(right).ToBytes()]);
        return read.Count == left.Length + right.Length && read.ToBytes().SequenceEqual(Of([.. left, .. right]).ToBytes());
    }

    [Test]
    public void Extremes_are_counted_at_the_ends()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromSeconds(-1));
        histogram.Add(TimeSpan.MaxValue);

        Assert.That(histogram.Percentile(0), Is.EqualTo(TimeSpan.Zero));
        Assert.That(histogram.Percentile(1), Is.GreaterThan(TimeSpan.FromDays(24)).And.LessThan(TimeSpan.FromDays(26)));
    }

    [Test]
    public void Percentile_of_nothing_is_zero() => Assert.That(new LatencyHistogram().Percentile(0.5), Is.EqualTo(TimeSpan.Zero));

    [TestCase(-0.01)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void Share_out_of_range_is_refused(double share) =>
        Assert.That(() => new LatencyHistogram().Percentile(share), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 0 to 1"));

    [TestCase("80")]
    [TestCase("05")]
    [TestCase("FFFF7F01")]
    [TestCase("FFFFFFFFFFFFFFFFFFFF0101")]
    [TestCase("01FFFFFFFFFFFFFFFFFF01")]
    public void Bytes_that_are_no_histogram_are_refused(string hex) =>
        Assert.That(() => new LatencyHistogram().Add(Convert.FromHexString(hex)), Throws.TypeOf<FormatException>());

    private static LatencyHistogram Of(uint[] microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (uint value in microseconds)
        {
            histogram.Add(TimeSpan.FromMicroseconds(value));
        }

        return histogram;
    }
}
