using System.Buffers.Binary;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Finds out how large an image, a recording or a document is from its first bytes, without decoding it.</summary>
internal static class MediaReader
{
    // 32 kbit/s, the least at which speech is usually compressed, so that the length comes out high.
    private const int CompressedAudioBytesPerSecond = 4_000;

    // 1 Mbit/s, a low rate for video.
    private const int VideoBytesPerSecond = 125_000;

    // One second of video costs Gemini 263 tokens, one of audio 32.
    private const int AudioSecondsPerVideoSecond = 9;

    // A page of plain text in a PDF; pages with pictures are larger, so the number of pages comes out high.
    private const int BytesPerPage = 20_000;

    private const int PagesOfUnseenFile = 10;

    /// <summary>The size of a file that comes with the request.</summary>
    public static MediaSize Measure(DataContent content)
    {
        if (content.HasTopLevelMediaType("image"))
        {
            return HasLowDetail(content) ? MediaSize.LowDetailImage : MeasureImage(content.Data.Span);
        }

        int bytes = content.Data.Length;
        if (content.HasTopLevelMediaType("audio"))
        {
            return MediaSize.Audio(AudioSeconds(content.Data.Span));
        }

        return content.HasTopLevelMediaType("video")
            ? MediaSize.Audio((long)((bytes / VideoBytesPerSecond) + 1) * AudioSecondsPerVideoSecond)
            : MediaSize.Document((bytes / BytesPerPage) + 1);
    }

    /// <summary>The size of something that the request only points to: a large image, a minute of sound, ten pages.</summary>
    public static MediaSize Guess(string? mediaType, AIContent content)
    {
        if (mediaType is null)
        {
            return MediaSize.Document(PagesOfUnseenFile);
        }

        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            return HasLowDetail(content) ? MediaSize.LowDetailImage : MediaSize.UnknownImage;
        }

        if (mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
        {
            return MediaSize.Audio(60);
        }

        return mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
            ? MediaSize.Audio(60 * AudioSecondsPerVideoSecond)
            : MediaSize.Document(PagesOfUnseenFile);
    }

    // Microsoft.Extensions.AI's OpenAI client reads the same property.
    private static bool HasLowDetail(AIContent content) =>
        content.AdditionalProperties is { } properties
        && properties.TryGetValue("detail", out object? detail)
        && string.Equals(detail?.ToString(), "low", StringComparison.OrdinalIgnoreCase);

    private static MediaSize MeasureImage(ReadOnlySpan<byte> data)
    {
        (int width, int height) = ImageDimensions(data);
        return width > 0 && height > 0 ? MediaSize.Image(width, height) : MediaSize.UnknownImage;
    }

    private static (int Width, int Height) ImageDimensions(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 24 && data[1..4].SequenceEqual("PNG"u8))
        {
            return (BinaryPrimitives.ReadInt32BigEndian(data[16..]), BinaryPrimitives.ReadInt32BigEndian(data[20..]));
        }

        if (data.Length >= 10 && data.StartsWith("GIF8"u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]));
        }

        if (data.Length >= 30 && data.StartsWith("RIFF"u8) && data[8..12].SequenceEqual("WEBP"u8))
        {
            return WebpDimensions(data);
        }

        return data.Length >= 4 && data[0] == 0xFF && data[1] == 0xD8 ? JpegDimensions(data) : default;
    }

    private static (int Width, int Height) WebpDimensions(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> kind = data[12..16];
        if (kind.SequenceEqual("VP8X"u8))
        {
            return (1 + (BinaryPrimitives.ReadInt32LittleEndian(data[24..]) & 0xFFFFFF), 1 + (BinaryPrimitives.ReadInt32LittleEndian(data[26..]) >> 8));
        }

        if (kind.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[21..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(data[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[28..]) & 0x3FFF);
    }

    private static (int Width, int Height) JpegDimensions(ReadOnlySpan<byte> data)
    {
        int position = 2;
        while (position + 9 < data.Length && data[position] == 0xFF)
        {
            byte marker = data[position + 1];

            // The frame headers are C0 to CF but for the tables C4, C8 and CC.
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(data[(position + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(data[(position + 5)..]));
            }

            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(data[(position + 2)..]);
        }

        return default;
    }

    private static long AudioSeconds(ReadOnlySpan<byte> data)
    {
        bool isWave = data.Length >= 44 && data.StartsWith("RIFF"u8) && data[8..12].SequenceEqual("WAVE"u8);
        uint rate = isWave ? BinaryPrimitives.ReadUInt32LittleEndian(data[28..]) : 0;
        return (data.Length / (rate > 0 ? rate : CompressedAudioBytesPerSecond)) + 1;
    }
}
