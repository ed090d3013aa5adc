using System.Buffers.Binary;
using IntegrationLayer.Sdk.Costing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class MediaReaderTests
{
    // The second example of OpenAI's vision guide: 2048 by 4096 is six tiles.
    [TestCase(2048, 4096, 6, 1536)]
    [TestCase(1024, 1024, 4, 1024)]
    [TestCase(512, 512, 1, 256)]
    [TestCase(1, 1, 1, 1)]
    [TestCase(100_000, 10, 4, 1536)]
    public void Image_is_covered_by_tiles_and_patches(int width, int height, int tiles, int patches) =>
        Assert.That(MediaSize.Image(width, height), Is.EqualTo(new MediaSize(1, tiles, patches, 0, 0)));

    [Test]
    public void Size_is_read_from_the_head_of_each_format()
    {
        byte[][] images = [Png(), Gif(), WebpLossy(), WebpLossless(), WebpExtended(), Jpeg()];

        Assert.That(
            images.Select(image => MediaReader.Measure(new DataContent(image, "image/png"))),
            Is.All.EqualTo(MediaSize.Image(300, 200)));
    }

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 2 })]
    [TestCase(new byte[] { 0xFF, 0xD8, 0x00, 0xE0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [TestCase(new byte[] { 1, 2, 3, 4, 5 })]
    public void Unreadable_image_is_taken_for_a_large_one(byte[] data) =>
        Assert.That(MediaReader.Measure(new DataContent(data, "image/jpeg")), Is.EqualTo(MediaSize.UnknownImage));

    [Test]
    public void Image_without_extent_is_taken_for_a_large_one() =>
        Assert.That(MediaReader.Measure(new DataContent((byte[])[.. "GIF89a"u8, 0, 0, 0, 0], "image/gif")), Is.EqualTo(MediaSize.UnknownImage));

    [Test]
    public void Low_detail_costs_no_tiles()
    {
        DataContent data = new(Png(), "image/png") { AdditionalProperties = new() { ["detail"] = "low" } };
        UriContent uri = new("https://example.com/a.png", "image/png") { AdditionalProperties = new() { ["detail"] = "low" } };

        Assert.That(MediaReader.Measure(data), Is.EqualTo(MediaSize.LowDetailImage));
        Assert.That(MediaReader.Guess(uri.MediaType, uri), Is.EqualTo(MediaSize.LowDetailImage));
    }

    [Test]
    public void Wave_is_as_long_as_its_byte_rate_says()
    {
        byte[] wave = new byte[44 + (3 * 32_000)];
        "RIFF"u8.CopyTo(wave);
        "WAVE"u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(28), 32_000);

        Assert.That(MediaReader.Measure(new DataContent(wave, "audio/wav")), Is.EqualTo(MediaSize.Audio(4)));
    }

    [Test]
    public void Video_counts_nine_seconds_of_audio_a_second() =>
        Assert.That(MediaReader.Measure(new DataContent(new byte[250_000], "video/mp4")), Is.EqualTo(MediaSize.Audio(27)));

    [TestCase("audio/mpeg", 60, 0)]
    [TestCase("video/mp4", 540, 0)]
    [TestCase("application/pdf", 0, 10)]
    [TestCase(null, 0, 10)]
    public void Unseen_file_is_guessed(string? mediaType, int seconds, int pages) =>
        Assert.That(MediaReader.Guess(mediaType, new AIContent()), Is.EqualTo(new MediaSize(0, 0, 0, seconds, pages)));

    private static byte[] Png() => [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 1, 44, 0, 0, 0, 200, 8, 6];

    private static byte[] Gif() => [.. "GIF89a"u8, 44, 1, 200, 0];

    private static byte[] WebpLossy() => [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 44, 1, 200, 0];

    private static byte[] WebpLossless()
    {
        byte[] bits = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bits, 299u | (199u << 14));
        return [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, .. bits, 0, 0, 0, 0, 0];
    }

    private static byte[] WebpExtended() => [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 0, 0, 0, 0, 0, 0, 0, 0, 43, 1, 0, 199, 0, 0];

    // An application segment and a Huffman table come before the frame.
    private static byte[] Jpeg() => [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 11, 8, 0, 200, 1, 44, 1, 1, 0x11, 0];
}
