using System.Threading.Channels;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>A stream that gives out what a test writes, when it writes it: whoever waits for it goes on before the writing returns.</summary>
internal sealed class ScriptedStream : GatewayStream
{
    private static readonly object TheEnd = new();
    private static readonly object Hidden = new();

    private readonly Channel<object> _script = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LlmResponseUpdate? _current;

    public override GatewayInfo Info => new(200, Limits: Limits);

    public RateLimits? Limits { get; init; }

    public override LlmResponseUpdate Current => _current!;

    public override UsageDetails? Usage => UsageSoFar;

    public override long BytesReceived => Received;

    /// <summary>The token that the call was made with.</summary>
    public CancellationToken Token { get; set; }

    public UsageDetails? UsageSoFar { get; set; }

    public long Received { get; set; }

    public List<FunctionCallContent> WholeToolCalls { get; } = [];

    public bool HasOpenCall { get; init; }

    public override bool HasOpenToolCall => HasOpenCall;

    /// <summary>Completes when the stream is closed.</summary>
    public Task Closed => _closed.Task;

    public ScriptedStream Write(string text) => Write(new ChatResponseUpdate(ChatRole.Assistant, text));

    public ScriptedStream Write(ChatResponseUpdate update) => Add(update);

    /// <summary>Writes something that isn't given out, such as a piece of a tool call.</summary>
    public ScriptedStream WriteHidden() => Add(Hidden);

    public ScriptedStream Finish() => Write(new ChatResponseUpdate(ChatRole.Assistant, "") { FinishReason = ChatFinishReason.Stop });

    public ScriptedStream End() => Add(TheEnd);

    public ScriptedStream Break(LlmException failure) => Add(failure);

    public override IReadOnlyList<FunctionCallContent> TakeWholeToolCalls() => WholeToolCalls;

    public override async ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            switch (await _script.Reader.ReadAsync(Token))
            {
                case ChatResponseUpdate update:
                    _current = new LlmResponseUpdate(update);
                    return true;
                case LlmException failure:
                    throw failure;
                case object step when step == Hidden:
                    ReportProgress();
                    break;
                default:
                    return false;
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        return default;
    }

    private ScriptedStream Add(object step)
    {
        _script.Writer.TryWrite(step);
        return this;
    }
}
