using Microsoft.AspNetCore.Http;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Plays a behaviour onto one HTTP response.</summary>
internal sealed class ProviderResponse(HttpContext context, TimeProvider clock, CancellationToken cancellationToken)
{
    public async Task PlayAsync(ProviderBehavior behavior, IProviderWire wire, RecordedRequest request)
    {
        await Task.Delay(behavior.Latency, clock, cancellationToken);
        await behavior.HoldHeaders.WaitAsync(cancellationToken);
        switch (behavior)
        {
            case ResetBehavior:
                context.Abort();
                break;
            case RawBehavior raw:
                await StartAsync(raw, raw.Status, raw.ContentType);
                await WriteAllAsync(raw.Chunks, raw.ChunkDelay);
                break;
            case ErrorBehavior error:
                await StartAsync(error, error.Status, "application/json");
                await WriteAsync(wire.Error(error));
                break;
            case AnswerBehavior answer when wire.IsStream(request):
                await StartAsync(answer, StatusCodes.Status200OK, "text/event-stream; charset=utf-8");
                await StreamAsync(answer.Stream, [.. wire.Events(request, answer.Answer)], wire);
                break;
            case AnswerBehavior answer:
                await StartAsync(answer, StatusCodes.Status200OK, "application/json");
                await WriteAsync(wire.Whole(request, answer.Answer));
                break;
            default:
                throw new NotSupportedException($"The provider can't play {behavior.GetType().Name}.");
        }
    }

    private async Task StartAsync(ProviderBehavior behavior, int status, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach ((string name, string value) in behavior.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (!behavior.HoldBody.IsCompleted)
        {
            await context.Response.Body.FlushAsync(cancellationToken);
            await behavior.HoldBody.WaitAsync(cancellationToken);
        }
    }

    private async Task StreamAsync(StreamShape stream, IReadOnlyList<string> events, IProviderWire wire)
    {
        List<string> frames = [.. events.Select(Frame)];
        List<string> before = [.. frames.Take(stream.EventsBeforeEnd)];
        await WriteAllAsync(before, stream.EventDelay);
        switch (stream.End)
        {
            case StreamEnd.Cut:
                // Kestrel sends what was written and then closes the connection without the body's terminator.
                // An abort would throw away what is still on its way.
                throw new StreamCutException();
            case StreamEnd.Error:
                await WriteAsync(Frame(wire.ErrorEvent));
                break;
            case StreamEnd.Stalled:
                await stream.Released.WaitAsync(cancellationToken);
                await WriteAllAsync([.. frames.Skip(before.Count)], stream.EventDelay);
                break;
            default:
                break;
        }

        string Frame(string text) => (text + "\n\n").Replace("\n", stream.NewLine ?? wire.NewLine, StringComparison.Ordinal);
    }

    private async Task WriteAllAsync(IReadOnlyList<string> chunks, TimeSpan delay)
    {
        for (int i = 0; i < chunks.Count; i++)
        {
            if (i > 0)
            {
                await Task.Delay(delay, clock, cancellationToken);
            }

            await WriteAsync(chunks[i]);
        }
    }

    private async Task WriteAsync(string text)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
