using IntegrationLayer.Sdk.Costing;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class CountMemoryTests
{
    private const ulong Fingerprint = 0xABCD_EF01_2345_6789;

    private CountMemory _memory = new(bits: 4);

    [SetUp]
    public void Forget() => _memory = new CountMemory(bits: 4);

    [Test]
    public void Count_is_found_by_its_fingerprint_only()
    {
        _memory.Set(Fingerprint, 7);

        Assert.That(_memory.TryGet(Fingerprint, out int count), Is.True);
        Assert.That(count, Is.EqualTo(7));
        Assert.That(_memory.TryGet(Fingerprint ^ (1UL << 40), out _), Is.False);
        Assert.That(_memory.TryGet(0, out _), Is.False);
    }

    [Test]
    public void Newer_entry_replaces_the_older()
    {
        _memory.Set(Fingerprint, 7);
        _memory.Set(Fingerprint ^ (1UL << 40), 8);

        Assert.That(_memory.TryGet(Fingerprint, out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(CountMemory.Limit)]
    public void Counts_out_of_range_are_not_remembered(int count)
    {
        _memory.Set(Fingerprint, count);

        Assert.That(_memory.TryGet(Fingerprint, out _), Is.False);
    }
}
