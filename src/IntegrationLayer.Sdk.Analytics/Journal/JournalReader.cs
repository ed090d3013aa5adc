using IntegrationLayer.Sdk.Usage;
using Microsoft.Win32.SafeHandles;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Reads a journal from front to back, while it may still be written. Not safe for concurrent use.</summary>
/// <param name="segments">Gets the files, the oldest first; asked again after each.</param>
internal sealed class JournalReader(Func<IEnumerable<JournalSegment>> segments) : IDisposable
{
    private readonly TextPool _texts = new();
    private byte[] _buffer = new byte[256 << 10];
    private SafeFileHandle? _file;
    private JournalSegment? _segment;
    private string _lastPath = "";
    private long _position;
    private int _start;
    private int _end;

    /// <summary>Gets how many bytes were no frame: a disk's error, or the end of a write that was cut off with its process.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Reads the records that are there.</summary>
    /// <param name="batch">Receives them, behind what is in it.</param>
    /// <param name="most">How many records the batch may hold.</param>
    /// <exception cref="InvalidDataException">A newer version of the package wrote a record.</exception>
    public void Read(List<JournalEntry> batch, int most)
    {
        while (batch.Count < most && (_segment is not null || OpenNext()))
        {
            if (ReadFrame(batch))
            {
                continue;
            }

            // Asked before the length: what was written before the file was closed is not missed.
            bool isClosed = _segment!.IsClosed;
            if (Fill())
            {
                continue;
            }

            if (!isClosed)
            {
                return;
            }

            if (_start < _end)
            {
                Skip();
            }
            else
            {
                CloseSegment();
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool OpenNext()
    {
        foreach (JournalSegment segment in segments())
        {
            if (string.CompareOrdinal(segment.Path, _lastPath) > 0)
            {
                _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                (_segment, _lastPath) = (segment, segment.Path);
                (_position, _start, _end) = (0, 0, 0);
                return true;
            }
        }

        return false;
    }

    private void CloseSegment()
    {
        _file?.Dispose();
        (_file, _segment) = (null, null);
    }

    private bool ReadFrame(List<JournalEntry> batch)
    {
        while (_start < _end)
        {
            int length = FrameReader.Find(_buffer.AsSpan(_start, _end - _start), out long sequence, out ReadOnlySpan<byte> content);
            if (length > 0)
            {
                var reader = new FrameReader(content, _texts);
                UsageRecord record = RecordCodec.Read(ref reader);
                _start += length;
                batch.Add(new JournalEntry(sequence, record));
                return true;
            }

            if (length == 0)
            {
                return false;
            }

            // Behind damaged bytes the next whole frame is looked for.
            Skip();
        }

        return false;
    }

    private void Skip()
    {
        _start++;
        SkippedBytes++;
    }

    private bool Fill()
    {
        long left = _segment!.Length - _position;
        if (left <= 0)
        {
            return false;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = RandomAccess.Read(_file!, _buffer.AsSpan(_end, (int)Math.Min(left, _buffer.Length - _end)), _position);
        _end += read;
        _position += read;
        return read > 0;
    }
}
