using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace IntegrationLayer.Sdk.Testing.Faults;

/// <summary>One direction of a connection: reads ahead as far as the queue goes, and sends when the toxics say so.</summary>
internal sealed class ProxyFlow(FaultProxy proxy, int connection, Socket from, Socket to, bool isUpstream)
{
    private const int ChunkBytes = 16 * 1024;

    // 1 MiB: what is under way at once when everything is late.
    private const int MostChunks = 64;

    private readonly Channel<FlowChunk> _read = Channel.CreateBounded<FlowChunk>(
        new BoundedChannelOptions(MostChunks) { SingleReader = true, SingleWriter = true });

    private readonly Dictionary<ActiveToxic, long> _passedBefore = [];
    private readonly TimeSpan _startedAt = proxy.Clock.Now;
    private FlowChunk? _chunk;
    private long _passed;
    private int _pieces;
    private TimeSpan _endedAt;
    private TimeSpan? _lastSentAt;

    /// <summary>Passes everything on until the end.</summary>
    public async Task<FlowEnd> RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task reading = ReadAsync(over.Token);
        FlowEnd? end;
        do
        {
            end = await StepAsync(stop).ConfigureAwait(false);
        }
        while (end is null);

        await over.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        return end.Value;
    }

    private async Task<FlowEnd?> StepAsync(CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return FlowEnd.Closed;
        }

        ToxicSet toxics = proxy.Toxics;
        _ = _chunk is not null || _read.Reader.TryRead(out _chunk);
        FlowPlan plan = Plan(toxics);
        TimeSpan now = proxy.Clock.Now;
        if (plan.ResetAt <= now)
        {
            return FlowEnd.Reset;
        }

        if (plan.CloseAt <= now)
        {
            return FlowEnd.Closed;
        }

        if (_chunk is null && !_read.Reader.Completion.IsCompleted)
        {
            await WaitAsync(toxics, plan.NextEvent, forBytes: true, stop).ConfigureAwait(false);
            return null;
        }

        TimeSpan dueAt = _chunk is null ? _endedAt + plan.EndDelay : DueAt(plan, _chunk);
        if (plan.IsHeld || dueAt > now)
        {
            _lastSentAt = plan.IsHeld ? now : _lastSentAt;
            await WaitAsync(toxics, plan.IsHeld ? plan.NextEvent : FlowPlan.Earlier(plan.NextEvent, dueAt), forBytes: false, stop).ConfigureAwait(false);
            return null;
        }

        return _chunk is null ? End() : await SendAsync(_chunk, plan.Count, dueAt, stop).ConfigureAwait(false);
    }

    private FlowPlan Plan(ToxicSet toxics)
    {
        FlowPlan plan = new() { Count = _chunk?.Rest.Length ?? 0 };
        foreach (ActiveToxic active in toxics.Items)
        {
            Toxic toxic = active.Toxic;
            if (toxic.IsUpstream != isUpstream || proxy.Random.Next(connection, active.Number, draw: 0) >= toxic.Toxicity)
            {
                continue;
            }

            _passedBefore.TryAdd(active, _passed);
            toxic.Shape(ref plan, new FlowMoment(
                active.AddedAt > _startedAt ? active.AddedAt : _startedAt,
                _passed - _passedBefore[active],
                Variation(active, 1 + (2 * (_chunk?.Number ?? 0))),
                Variation(active, 2 + (2 * _pieces))));
        }

        return plan;
    }

    private double Variation(ActiveToxic active, int draw) => (2 * proxy.Random.Next(connection, active.Number, draw)) - 1;

    private TimeSpan DueAt(in FlowPlan plan, FlowChunk chunk)
    {
        TimeSpan begin = chunk.ReadAt + plan.Delay;
        if (_lastSentAt + plan.Gap is { } next && next > begin)
        {
            begin = next;
        }

        return begin + TimeSpan.FromSeconds(plan.Count * plan.SecondsPerByte);
    }

    private async Task<FlowEnd?> SendAsync(FlowChunk chunk, int count, TimeSpan dueAt, CancellationToken stop)
    {
        try
        {
            ValueTask<int> sending = to.SendAsync(chunk.Rest[..count], SocketFlags.None, stop);
            bool isHeldUp = !sending.IsCompleted;
            int sent = await sending.ConfigureAwait(false);
            _passed += sent;
            _pieces++;

            // The schedule is kept when the clock runs ahead of it, but not when the receiver takes nothing.
            _lastSentAt = isHeldUp ? proxy.Clock.Now : dueAt;
            _chunk = chunk.Advance(sent) ? chunk : null;
            proxy.Count(isUpstream, sent);
            return null;
        }
        catch (SocketException)
        {
            return FlowEnd.Reset;
        }
        catch (OperationCanceledException)
        {
            return FlowEnd.Closed;
        }
    }

    private FlowEnd End()
    {
        if (!_read.Reader.Completion.IsCompletedSuccessfully)
        {
            return FlowEnd.Reset;
        }

        try
        {
            to.Shutdown(SocketShutdown.Send);
            return FlowEnd.Ended;
        }
        catch (SocketException)
        {
            return FlowEnd.Reset;
        }
    }

    // Ends early without harm: every step looks at everything again.
    private async Task WaitAsync(ToxicSet toxics, TimeSpan? until, bool forBytes, CancellationToken stop)
    {
        using CancellationTokenSource wake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using ITimer? timer = proxy.Clock.Wake(wake, until);
        Task waiting = forBytes ? _read.Reader.WaitToReadAsync(wake.Token).AsTask() : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, wake.Token);
        await Task.WhenAny(waiting, toxics.Replaced).ConfigureAwait(false);
        await wake.CancelAsync().ConfigureAwait(false);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        Exception? failure = null;
        try
        {
            for (int number = 0; ; number++)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
                int count = await from.ReceiveAsync(buffer, SocketFlags.None, stop).ConfigureAwait(false);
                if (count == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    break;
                }

                await _read.Writer.WriteAsync(new FlowChunk(buffer, count, number, proxy.Clock.Now), stop).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            failure = exception;
        }

        _endedAt = proxy.Clock.Now;
        _read.Writer.Complete(failure);
    }
}
