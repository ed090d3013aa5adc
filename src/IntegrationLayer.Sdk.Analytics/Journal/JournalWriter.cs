using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Adds frames to a journal. Once <see cref="Append"/> returns, the operating system has them: the death of the process doesn't lose them.</summary>
/// <remarks>One thread appends, another one releases.</remarks>
internal sealed class JournalWriter(JournalFolder folder, bool flushToDisk) : IDisposable
{
    private readonly ConcurrentQueue<JournalSegment> _segments = new();
    private SafeFileHandle? _file;
    private JournalSegment? _current;
    private long _number;
    private long _bytes;

    /// <summary>Gets how large the journal is.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the files that were begun and not yet released, the oldest first.</summary>
    public IEnumerable<JournalSegment> Segments => _segments;

    /// <summary>Adds frames.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="lastSequence">The sequence number of the last of them.</param>
    /// <exception cref="IOException">The disk is full or fails; none of the frames counts as written.</exception>
    public void Append(ReadOnlyMemory<byte> frames, long lastSequence)
    {
        if (_current is null || _current.Length + frames.Length > JournalSegment.MaxLength)
        {
            Roll();
        }

        RandomAccess.Write(_file!, frames.Span, _current!.Length);
        if (flushToDisk)
        {
            RandomAccess.FlushToDisk(_file!);
        }

        _current.Grow(frames.Length, lastSequence);
        Interlocked.Add(ref _bytes, frames.Length);
    }

    /// <summary>Deletes the files of which nothing is needed any more.</summary>
    /// <param name="sequence">The sequence number up to which the database has everything.</param>
    public void Release(long sequence)
    {
        while (_segments.TryPeek(out JournalSegment? oldest) && oldest.IsClosed && oldest.LastSequence <= sequence)
        {
            _segments.TryDequeue(out _);
            Interlocked.Add(ref _bytes, -oldest.Length);
            try
            {
                File.Delete(oldest.Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It goes with the folder.
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Roll()
    {
        _current?.Close();
        _file?.Dispose();
        string path = Path.Combine(folder.Path, JournalSegment.NameOf(++_number));
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _current = new JournalSegment(path);
        _segments.Enqueue(_current);
    }
}
