using System.IO.Pipelines;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Plays the steps of an answer to a front.</summary>
internal static class WirePlayer
{
    /// <summary>
    /// Plays until the last step; a sink whose reader has gone ends with <see cref="OperationCanceledException"/>, unless all was written.
    /// </summary>
    /// <exception cref="WireResetException">The script aborts the connection.</exception>
    public static async Task PlayAsync(
        WireResponse response, IWireSink sink, WireSchedule schedule, CancellationToken cancellationToken)
    {
        using IEnumerator<WireStep> steps = response.Steps.GetEnumerator();
        bool more = steps.MoveNext();
        while (more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WireStep step = steps.Current;
            more = steps.MoveNext();
            switch (step)
            {
                case WireStep.Head:
                    await sink.StartAsync(cancellationToken).ConfigureAwait(false);
                    await sink.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case WireStep.Write write:
                    await sink.StartAsync(cancellationToken).ConfigureAwait(false);
                    await WriteAsync(sink.Body, write.Bytes, last: !more, cancellationToken).ConfigureAwait(false);
                    break;
                case WireStep.Wait wait:
                    await schedule.WaitAsync(wait.Duration, cancellationToken).ConfigureAwait(false);
                    break;
                case WireStep.Hold hold:
                    await hold.Release.WaitAsync(cancellationToken).ConfigureAwait(false);
                    schedule.Restart();
                    break;
                case WireStep.Raw raw:
                    await sink.Connection.WriteAsync(raw.Bytes, cancellationToken).ConfigureAwait(false);
                    break;
                case WireStep.GoAway:
                    sink.Connection.GoAway();
                    break;
                case WireStep.ResetStream reset:
                    sink.Connection.ResetStream(reset.Code);
                    return;
                case WireStep.Close:
                    await sink.Connection.CloseAsync(cancellationToken).ConfigureAwait(false);
                    return;
                default:
                    throw new WireResetException();
            }
        }

        await sink.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(PipeWriter body, ReadOnlyMemory<byte> bytes, bool last, CancellationToken cancellationToken)
    {
        try
        {
            FlushResult flushed = await body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            if (flushed.IsCompleted && !last)
            {
                throw new OperationCanceledException("The reader has gone.");
            }
        }
        catch (OperationCanceledException) when (last)
        {
            // A client that stops reading at [DONE] races with the end of this write; nothing was left to send, so the answer is whole.
        }
    }
}
