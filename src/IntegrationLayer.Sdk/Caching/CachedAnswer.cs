using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>An answer in the cache: what was said, by whom, what it cost, and until when it may be given to others. Nobody can change it.</summary>
public sealed class CachedAnswer
{
    private const byte FormatVersion = 1;

    // The objects around the strings.
    private const int Overhead = 200;

    private readonly IStoredAnswer _content;
    private ulong[]? _labels;

    internal CachedAnswer(IStoredAnswer content, AnswerOrigin origin, AnswerLifetime lifetime)
    {
        _content = content;
        Origin = origin;
        Lifetime = lifetime;
        Stamp = lifetime.Stamp;
    }

    /// <summary>Gets when it was written.</summary>
    public DateTimeOffset CachedAt => Lifetime.CachedAt;

    /// <summary>Gets when it is to be forgotten.</summary>
    public DateTimeOffset ExpiresAt => Lifetime.ExpiresAt;

    /// <summary>Gets how many bytes of memory it takes, roughly.</summary>
    public long Size => Overhead + _content.Size;

    /// <summary>Gets what was said.</summary>
    internal IStoredAnswer Content => _content;

    internal AnswerOrigin Origin { get; }

    internal AnswerLifetime Lifetime { get; }

    /// <summary>Gets or sets the last invalidation that it is known to have outlived.</summary>
    internal long Stamp { get; set; }

    /// <summary>Reads an answer that was written down.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    /// <param name="answer">The answer.</param>
    /// <returns><see langword="false"/> if it was written by another version, or isn't an answer at all.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        answer = null;
        try
        {
            var reader = new FieldReader(bytes);
            if (reader.Read<byte>() != FormatVersion)
            {
                return false;
            }

            var lifetime = AnswerLifetime.Read(ref reader);
            var origin = AnswerOrigin.Read(ref reader);
            IStoredAnswer content = StoredAnswer.Read(reader.ReadBytes());
            answer = reader.IsAtEnd ? new CachedAnswer(content, origin, lifetime) : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or System.Text.Json.JsonException or OverflowException)
        {
            return false;
        }

        return answer is not null;
    }

    /// <summary>Writes the answer down.</summary>
    /// <returns>What <see cref="TryRead"/> reads. It is neither compressed nor protected.</returns>
    public byte[] ToBytes()
    {
        var writer = new FieldWriter();
        writer.Add(FormatVersion);
        Lifetime.Write(writer);
        Origin.Write(writer);
        writer.Add((ReadOnlySpan<byte>)UpdateList.Write(_content.Restore()));
        return writer.Written.ToArray();
    }

    /// <summary>Makes the whole answer anew, for a caller to own.</summary>
    internal ChatResponse Restore() => _content.Restore();

    /// <summary>Makes the updates of the answer anew, for a caller to own.</summary>
    internal IList<ChatResponseUpdate> Replay() => _content.Replay();

    /// <summary>Gets by what the answer can be invalidated.</summary>
    internal ReadOnlySpan<ulong> LabelsBy(CacheKeyRing ring) => _labels ??= Origin.Labels(ring);
}
