using System.Text;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Adds up a prompt: first its size and everything that isn't text, then the tokens of the text.</summary>
/// <remarks>
/// Up to <see cref="ExactBytes"/> of text are counted token by token. Of a longer prompt, <see cref="Samples"/> evenly spaced windows
/// are counted and their tokens per byte applied to the whole; a window's cut words make the result slightly high.
/// </remarks>
internal struct PromptMeter(TokenCounter counter)
{
    /// <summary>Bytes of text (UTF-8) that are counted exactly.</summary>
    public const int ExactBytes = 32 * 1024;

    /// <summary>Windows that are counted of a longer prompt.</summary>
    public const int Samples = 32;

    /// <summary>The size of a window, in characters of a string or bytes of JSON.</summary>
    public const int SampleLength = 512;

    private bool _counting;
    private long _passed;
    private long _nextSample;
    private long _sampledBytes;
    private long _sampledTokens;

    /// <summary>Bytes of text seen by the first pass.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Tokens that aren't counted from text: of roles, separators, cached tools.</summary>
    public int FixedTokens { get; private set; }

    public MediaSize Media { get; private set; }

    public bool IsSampled => TextBytes > ExactBytes;

    /// <summary>Tokens of the text and the fixed ones. To be asked after the second pass.</summary>
    public readonly int Tokens
    {
        get
        {
            decimal text = _sampledBytes == 0 ? 0 : decimal.Ceiling((decimal)_sampledTokens * TextBytes / _sampledBytes);
            return (int)Math.Min(int.MaxValue, text + FixedTokens);
        }
    }

    /// <summary>Starts the second pass.</summary>
    public void StartCounting()
    {
        _counting = true;
        _nextSample = 0;
    }

    public void AddFixed(int tokens) => FixedTokens += _counting ? 0 : tokens;

    public void AddMedia(in MediaSize media)
    {
        if (!_counting)
        {
            Media += media;
        }
    }

    public void AddText(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (!_counting)
        {
            TextBytes += Encoding.UTF8.GetByteCount(text);
        }
        else if (!IsSampled)
        {
            _sampledTokens += counter.CountRemembered(text);
            _sampledBytes = TextBytes;
        }
        else
        {
            long bytes = Encoding.UTF8.GetByteCount(text);
            while (NextWindow(bytes, text.Length, out int start, out int length))
            {
                ReadOnlySpan<char> window = text.Slice(start, length);
                _sampledTokens += counter.Count(window);
                _sampledBytes += Encoding.UTF8.GetByteCount(window);
            }
        }
    }

    public void AddUtf8(ReadOnlySpan<byte> text)
    {
        if (!_counting)
        {
            TextBytes += text.Length;
        }
        else if (!IsSampled)
        {
            _sampledTokens += counter.CountUtf8(text);
            _sampledBytes = TextBytes;
        }
        else
        {
            while (NextWindow(text.Length, text.Length, out int start, out int length))
            {
                _sampledTokens += counter.CountUtf8(text.Slice(start, length));
                _sampledBytes += length;
            }
        }
    }

    // The next window within a segment of the text; when there is none, the segment is passed.
    private bool NextWindow(long bytes, int units, out int start, out int length)
    {
        start = 0;
        length = 0;
        if (_nextSample >= _passed + bytes || units == 0)
        {
            _passed += bytes;
            return false;
        }

        start = (int)((_nextSample - _passed) * units / bytes);
        length = Math.Min(SampleLength, units - start);
        _nextSample += Math.Max(SampleLength, TextBytes / Samples);
        return true;
    }
}
