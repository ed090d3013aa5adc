using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Testing.Scripting;
using IntegrationLayer.Sdk.Testing.Wire;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// An <see cref="ILlmClient"/> that answers by a script: for tests of code that uses the client. Nothing is routed, priced or cached;
/// receipts say what the script says. To test those, put <see cref="FakePortkey"/> under the real client. Safe for concurrent use.
/// </summary>
/// <remarks>Routes are asked in the order in which they were added. A request that no route answers throws <see cref="UnmatchedRequestException"/>.</remarks>
public sealed class FakeLlmClient : ILlmClient
{
    /// <summary>The number of requests that are kept in <see cref="Requests"/>.</summary>
    public const int MaxRecordedRequests = 10_000;

    private readonly RouteTable<LlmRequest, FakeLlmReply> _table = new(MaxRecordedRequests, long.MaxValue, _ => 0, Describe);
    private readonly TimeProvider? _timeProvider;
    private long _answers;

    /// <summary>Creates a client without routes.</summary>
    /// <param name="timeProvider">The clock that delays wait by. When <see langword="null"/>, a script that waits is refused.</param>
    public FakeLlmClient(TimeProvider? timeProvider = null) => _timeProvider = timeProvider;

    /// <summary>Gets the requests received, oldest first: a snapshot of at most <see cref="MaxRecordedRequests"/>.</summary>
    public IReadOnlyList<LlmRequest> Requests => _table.Requests;

    /// <summary>Gets how many requests were received since the beginning, also those no longer kept.</summary>
    public int RequestCount => _table.Count;

    /// <summary>Gets the route asked after all others, for any request. It exists once you use it, and is not verified.</summary>
    public FakeLlmRoute Default => new(_table.Default("default", _ => true), HasClock);

    private bool HasClock => _timeProvider is not null;

    /// <summary>Adds a route for any request; narrow it with <c>When</c> and <c>ForModel</c>.</summary>
    /// <returns>The route.</returns>
    public FakeLlmRoute OnAny() => new(_table.Add("any request", _ => true), HasClock);

    /// <summary>Adds a route for requests whose last user message is this text.</summary>
    /// <param name="prompt">The whole text; case matters.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute OnPrompt(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new(_table.Add($"prompt \"{prompt}\"", request => PromptOf(request).Equals(prompt, StringComparison.Ordinal)), HasClock);
    }

    /// <summary>Adds a route for requests whose last user message contains this text.</summary>
    /// <param name="text">The text; case does not matter.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute OnPromptContaining(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new(_table.Add($"prompt with \"{text}\"", request => PromptOf(request).Contains(text, StringComparison.OrdinalIgnoreCase)), HasClock);
    }

    /// <summary>Waits until this many requests were received since the beginning. Give a token with a timeout: there is none of its own.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when they were received.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default) => _table.WaitAsync(count, cancellationToken);

    /// <summary>Throws when a route was not called, or not as often as scripted, or when a request was not answered.</summary>
    /// <exception cref="FakeVerificationException">Names the routes and the requests.</exception>
    public void VerifyAllCalled() => _table.Verify();

    /// <inheritdoc/>
    public async Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        (FakeLlmReply reply, LlmReceipt receipt, _) = await AcceptAsync(request, cancellationToken).ConfigureAwait(false);
        reply.ThrowIfBroken(receipt, streamed: false);
        ChatResponse response = reply.Updates(receipt).ToChatResponse();
        return new LlmResponse(response, receipt);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(
        LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (FakeLlmReply reply, LlmReceipt receipt, WireSchedule schedule) = await AcceptAsync(request, cancellationToken).ConfigureAwait(false);
        receipt = receipt with { TimeToFirstToken = reply.Interval };
        int sent = 0;
        foreach (ChatResponseUpdate update in reply.Updates(receipt))
        {
            if (sent == reply.BreaksAfter)
            {
                break;
            }

            if (reply.Interval > TimeSpan.Zero)
            {
                await schedule.WaitAsync(reply.Interval, cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new LlmResponseUpdate(update);
            sent++;
        }

        reply.ThrowIfBroken(receipt, streamed: true);
        yield return new LlmResponseUpdate(new ChatResponseUpdate(), receipt);
    }

    internal static string PromptOf(LlmRequest request) =>
        request.Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? string.Empty;

    private static string Describe(LlmRequest request)
    {
        string prompt = PromptOf(request);
        return $"model={request.Options?.ModelId ?? "-"} operation={request.Context.Operation} prompt=\"{(prompt.Length <= 80 ? prompt : string.Concat(prompt.AsSpan(0, 80), "…"))}\"";
    }

    private async Task<(FakeLlmReply Reply, LlmReceipt Receipt, WireSchedule Schedule)> AcceptAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        WireSchedule schedule = new(_timeProvider);
        ScriptStep<LlmRequest, FakeLlmReply> step = _table.Take(request)!;
        FakeLlmReply reply = Answer(request, step);
        if (step.Hold is { } release)
        {
            await release.WaitAsync(cancellationToken).ConfigureAwait(false);
            schedule.Restart();
        }

        if (step.Delay > TimeSpan.Zero)
        {
            await schedule.WaitAsync(step.Delay, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Exception is { } exception)
        {
            throw exception;
        }

        return (reply, reply.Receipt(request, Interlocked.Increment(ref _answers)), schedule);
    }

    private FakeLlmReply Answer(LlmRequest request, ScriptStep<LlmRequest, FakeLlmReply> step)
    {
        try
        {
            FakeLlmReply reply = step.Answer(request);
            return reply.Interval == TimeSpan.Zero || HasClock ? reply : throw new InvalidOperationException(Clocks.Missing);
        }
        catch (Exception exception)
        {
            _table.Fail(request, exception);
            throw;
        }
    }
}
