using System.Buffers;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Splits a stream of bytes into server-sent events, as the WHATWG HTML standard says (9.2.6), within fixed limits of size.</summary>
/// <remarks>
/// An event of one data line, which is every event that gateways send, is given out where it lies in the buffer: nothing is copied. Unlike in the
/// standard, data that no blank line follows at the end of the stream is given out too, since some servers omit it after <c>[DONE]</c>.
/// </remarks>
internal sealed class SseReader(int maxEventBytes) : IDisposable
{
    // As much as a TLS record brings at once.
    private const int FirstSize = 16 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private PooledBuffer? _lines;
    private int _line;
    private int _searched;
    private int _end;
    private int _data;
    private int _dataLength;
    private bool _hasData;
    private bool _isErrorEvent;
    private bool _skipsLineFeed;
    private bool _isAtStart = true;
    private bool _isLent;

    /// <summary>Gets the memory to read the next bytes into.</summary>
    /// <returns>Empty when the event that is being read is larger than allowed.</returns>
    public Memory<byte> GetFree()
    {
        int keepFrom = _hasData && _lines is null ? _data : _line;
        if (keepFrom > 0)
        {
            _buffer.AsSpan(keepFrom, _end - keepFrom).CopyTo(_buffer);
            _line -= keepFrom;
            _searched -= keepFrom;
            _end -= keepFrom;
            _data -= keepFrom;
        }

        if (_end + (_lines?.Length ?? 0) > maxEventBytes)
        {
            return default;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _isLent = true;
        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were read.</summary>
    public void Advance(int count)
    {
        _end += count;
        _isLent = false;
    }

    /// <summary>Gets the next event, if it is complete.</summary>
    /// <param name="data">Its data; valid until the next call of any method.</param>
    /// <param name="isErrorEvent">Whether its type is <c>error</c>.</param>
    public bool TryRead(out ReadOnlySpan<byte> data, out bool isErrorEvent)
    {
        while (TryReadLine(out int start, out int length))
        {
            if (length > 0)
            {
                TakeLine(start, length);
                continue;
            }

            if (TryDispatch(out data, out isErrorEvent))
            {
                return true;
            }
        }

        data = default;
        isErrorEvent = false;
        return false;
    }

    /// <summary>Gets what is left when no more bytes will come.</summary>
    public bool TryReadLast(out ReadOnlySpan<byte> data, out bool isErrorEvent)
    {
        if (_line < _end)
        {
            TakeLine(_line, _end - _line);
            _line = _searched = _end;
        }

        return TryDispatch(out data, out isErrorEvent);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _lines?.Dispose();
        _lines = null;
        _line = _searched = _end = 0;
        _hasData = false;

        // A read that was broken off may still write into the array: the pool must not get it.
        if (buffer.Length > 0 && !_isLent)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryReadLine(out int start, out int length)
    {
        start = length = 0;
        if (_skipsLineFeed && _line < _end)
        {
            _skipsLineFeed = false;
            if (_buffer[_line] == '\n')
            {
                _line++;
                _searched = _line;
            }
        }

        // A byte order mark may begin the stream; it can't be told from text before three bytes are there.
        if (_isAtStart)
        {
            ReadOnlySpan<byte> head = _buffer.AsSpan(_line, Math.Min(3, _end - _line));
            if (head.Length < 3 && "\uFEFF"u8.StartsWith(head))
            {
                return false;
            }

            _isAtStart = false;
            if (head.SequenceEqual("\uFEFF"u8))
            {
                _line += 3;
                _searched = _line;
            }
        }

        int at = _buffer.AsSpan(_searched, _end - _searched).IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
        {
            _searched = _end;
            return false;
        }

        at += _searched;
        start = _line;
        length = at - _line;
        _skipsLineFeed = _buffer[at] == '\r';
        _line = _searched = at + 1;
        return true;
    }

    private void TakeLine(int start, int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(start, length);
        int colon = line.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        int value = colon < 0 ? length : colon + 1;
        if (value < length && line[value] == ' ')
        {
            value++;
        }

        if (name.SequenceEqual("data"u8))
        {
            AddData(start + value, length - value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _isErrorEvent = line[value..].SequenceEqual("error"u8);
        }
    }

    private void AddData(int start, int length)
    {
        if (!_hasData)
        {
            _hasData = true;
            _data = start;
            _dataLength = length;
            return;
        }

        if (_lines is null)
        {
            _lines = new PooledBuffer(_dataLength + length + 1);
            _lines.Append(_buffer.AsSpan(_data, _dataLength));
        }

        _lines.Append("\n"u8);
        _lines.Append(_buffer.AsSpan(start, length));
    }

    private bool TryDispatch(out ReadOnlySpan<byte> data, out bool isErrorEvent)
    {
        isErrorEvent = _isErrorEvent;
        _isErrorEvent = false;
        data = default;
        if (!_hasData)
        {
            return false;
        }

        _hasData = false;
        if (_lines is { } lines)
        {
            data = lines.Span;
            _lines = null;

            // Events of several lines are so rare that their buffer isn't kept.
            data = data.ToArray();
            lines.Dispose();
            return true;
        }

        data = _buffer.AsSpan(_data, _dataLength);
        return true;
    }
}
