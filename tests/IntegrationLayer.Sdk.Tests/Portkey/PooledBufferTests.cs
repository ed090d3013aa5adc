using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Portkey;

internal sealed class PooledBufferTests
{
    [TestCase(0)]
    [TestCase(300)]
    [TestCase(3_000)]
    [TestCase(5_000)]
    public void Trimmed_buffer_keeps_its_bytes_and_can_grow_again(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        using PooledBuffer buffer = new(8_192);
        buffer.Append(bytes);
        buffer.Trim();
        Assert.That(buffer.Span.ToArray(), Is.EqualTo(bytes));

        buffer.Append(bytes);
        Assert.That(buffer.Span.ToArray(), Is.EqualTo(new[] { bytes, bytes }.SelectMany(b => b)));
    }
}
