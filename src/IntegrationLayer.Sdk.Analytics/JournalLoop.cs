using System.Threading.Channels;
using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Takes records from requests, who never wait, and puts them into the journal.</summary>
internal sealed class JournalLoop : IDisposable
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<UsageRecord> _queue;
    private readonly JournalWriter _journal;
    private readonly AnalyticsOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly FrameWriter _frames = new();
    private long _appended;
    private long _dropped;
    private long _sequence;
    private volatile bool _isCompleting;

    public JournalLoop(JournalFolder folder, AnalyticsOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _journal = new JournalWriter(folder, options.FlushToDisk);
        _queue = Channel.CreateBounded<UsageRecord>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>Gets how many records were taken into the queue.</summary>
    public long Appended => Interlocked.Read(ref _appended);

    /// <summary>Gets how many records were lost.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Gets how many records of the queue are done with: in the journal, or dropped.</summary>
    public Milestone Done { get; } = new();

    /// <summary>Gets the journal, for reading and releasing.</summary>
    public JournalWriter Journal => _journal;

    /// <summary>Gets the number of the last record in the journal; they are numbered from 1.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>Gets or sets what happens after records came into the journal.</summary>
    public Action Written { get; set; } = () => { };

    /// <summary>Gets or sets what happens when records are lost: how many.</summary>
    public Action<int> Lost { get; set; } = _ => { };

    public void Append(UsageRecord record)
    {
        if (_queue.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _appended);
            return;
        }

        Drop(1, _isCompleting ? "the application is stopping." : "the journal stands still, so the queue before it is full. Look at the journal's disk.");
    }

    /// <summary>Takes no more records; <see cref="RunAsync"/> ends when those that were taken are in the journal.</summary>
    public void Complete()
    {
        _isCompleting = true;
        _queue.Writer.TryComplete();
    }

    /// <summary>Runs until <see cref="Complete"/>.</summary>
    public async Task RunAsync()
    {
        long done = 0;
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            (int taken, int written) = Gather();
            if (written > 0)
            {
                await WriteAsync(written).ConfigureAwait(false);
            }

            done += taken;
            Done.Reach(done);
            Written();
        }
    }

    public void Dispose() => _journal.Dispose();

    private (int Taken, int Written) Gather()
    {
        _frames.Clear();
        int taken = 0;
        int written = 0;
        while (_frames.Length < MostBytes && _queue.Reader.TryRead(out UsageRecord? record))
        {
            taken++;
            written += TryEncode(record, _sequence + written + 1) ? 1 : 0;
        }

        return (taken, written);
    }

    // The tags are the caller's own dictionary: whatever it does, the records of others are kept.
    private bool TryEncode(UsageRecord record, long sequence)
    {
        _frames.Begin(sequence);
        try
        {
            RecordCodec.Write(_frames, record);
            if (_frames.TryEnd())
            {
                return true;
            }

            Drop(1, $"one is longer than {JournalSegment.MaxLength} bytes. Look at its tags.");
        }
        catch (Exception e)
        {
            Drop(1, $"one can't be read: {e.Message} Don't change the tags of a request that was made.");
        }

        _frames.Cancel();
        return false;
    }

    private async Task WriteAsync(int count)
    {
        if (_journal.Bytes + _frames.Length > _options.MaxJournalBytes)
        {
            Drop(count, $"the journal has reached its limit of {_options.MaxJournalBytes} bytes, because the database is away.");
        }
        else if (await TryWriteAsync(_sequence + count).ConfigureAwait(false))
        {
            Interlocked.Add(ref _sequence, count);
        }
        else
        {
            Drop(count, "the journal can't be written, and the application is stopping.");
        }
    }

    // A disk that is full may have room again soon; meanwhile the queue fills up, and only then records are lost.
    private async Task<bool> TryWriteAsync(long last)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                _journal.Append(_frames.Written, last);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (isFirst)
                {
                    Log.JournalFailed(_logger, e);
                }

                if (_isCompleting)
                {
                    return false;
                }

                await Task.Delay(Pause, _timeProvider).ConfigureAwait(false);
            }
        }
    }

    private void Drop(int count, string reason)
    {
        long before = Interlocked.Add(ref _dropped, count) - count;
        Lost(count);

        // Once for each power of two, or a disk that stands still would fill the log as well.
        if (before == 0 || System.Numerics.BitOperations.Log2((ulong)before) != System.Numerics.BitOperations.Log2((ulong)(before + count)))
        {
            Log.Dropped(_logger, before + count, reason);
        }
    }
}
