using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// A successful chat completion. The same reply answers whole or as a stream, as the request asks. Immutable: every <c>With…</c> returns a copy.
/// </summary>
public sealed class FakePortkeyReply : FakePortkeyAnswer
{
    private string? _text;
    private IReadOnlyList<string> _chunks = [];
    private IReadOnlyList<ScriptedToolCall> _toolCalls = [];
    private IReadOnlyList<FakePortkeyStreamFault> _faults = [];
    private IReadOnlyList<KeyValuePair<string, string>> _headers = [];
    private FakePortkeyUsage? _usage;
    private bool _withoutUsage;
    private bool _flagged;
    private string? _finishReason;
    private string? _model;
    private TimeSpan _interval;
    private TimeSpan _bodyDelay;

    private FakePortkeyReply()
    {
    }

    /// <summary>A text; streamed word by word.</summary>
    /// <param name="text">What the model says.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which JSON text cannot carry.</exception>
    public static FakePortkeyReply Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Stream([.. SseText.Pieces(text)]);
    }

    /// <summary>A text, streamed in exactly these chunks; whole when the request does not stream.</summary>
    /// <param name="chunks">The pieces of the text, in order.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException">A chunk holds half of a surrogate pair, which JSON text cannot carry.</exception>
    public static FakePortkeyReply Stream(params IReadOnlyList<string> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        for (int i = 0; i < chunks.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(chunks[i]);
            RequireWholeCharacters(chunks[i], i);
        }

        return new FakePortkeyReply { _text = string.Concat(chunks), _chunks = [.. chunks] };
    }

    /// <summary>A call of one function; add more with <see cref="WithToolCall"/>.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="argumentsJson">Its arguments, as the text the model writes. Not checked: broken JSON is worth a test.</param>
    /// <returns>The reply.</returns>
    public static FakePortkeyReply ToolCall(string name, string argumentsJson) => new FakePortkeyReply().WithToolCall(name, argumentsJson);

    /// <summary>Adds a call of a function; the finish reason becomes <c>tool_calls</c> unless set.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="argumentsJson">Its arguments, as the text the model writes.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithToolCall(string name, string argumentsJson)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(argumentsJson);
        return With(reply => reply._toolCalls = [.. _toolCalls, new ScriptedToolCall(name, argumentsJson)]);
    }

    /// <summary>Sets the token counts. Unless set, one token is counted for every four characters of prompt and answer.</summary>
    /// <param name="usage">The counts.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithUsage(FakePortkeyUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return With(reply => reply._usage = usage);
    }

    /// <summary>Sets the token counts.</summary>
    /// <param name="inputTokens">All input tokens.</param>
    /// <param name="outputTokens">All output tokens.</param>
    /// <param name="cachedTokens">Input tokens read from the provider's prompt cache.</param>
    /// <param name="cacheWriteTokens">Input tokens written to the provider's prompt cache.</param>
    /// <param name="reasoningTokens">Output tokens spent on reasoning.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithUsage(
        int inputTokens, int outputTokens, int cachedTokens = 0, int cacheWriteTokens = 0, int reasoningTokens = 0) =>
        WithUsage(new FakePortkeyUsage(inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens));

    /// <summary>Reports no usage at all, whole or streamed.</summary>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithoutUsage() => With(reply => reply._withoutUsage = true);

    /// <summary>Sets the finish reason; the default is <c>stop</c>, or <c>tool_calls</c> when the reply calls functions.</summary>
    /// <param name="finishReason">For example <c>length</c> or <c>content_filter</c>.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithFinishReason(string finishReason)
    {
        ArgumentException.ThrowIfNullOrEmpty(finishReason);
        return With(reply => reply._finishReason = finishReason);
    }

    /// <summary>Sets the model that the answer names; the default is the requested one.</summary>
    /// <param name="model">For example a dated version of the requested model.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithModel(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return With(reply => reply._model = model);
    }

    /// <summary>Sets a response header; it replaces one of the gateway's of the same name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithHeader(string name, string value)
    {
        HeaderList.Require(name, value);
        return With(reply => reply._headers = [.. _headers, new(name, value)]);
    }

    /// <summary>Waits before each content chunk of a stream, by the fake's clock.</summary>
    /// <param name="interval">The time between chunks.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithChunkInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return With(reply => reply._interval = interval);
    }

    /// <summary>Sends the headers of a whole answer at once and the body later: no gateway timeout covers this.</summary>
    /// <param name="delay">The time between headers and body, by the fake's clock.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithBodyDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return With(reply => reply._bodyDelay = delay);
    }

    /// <summary>Adds a fault to the stream.</summary>
    /// <param name="fault">The fault.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithFault(FakePortkeyStreamFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return With(reply => reply._faults = [.. _faults, fault]);
    }

    /// <summary>Answers with status 246: a success that a guardrail objected to without denying it; <c>hook_results</c> says so.</summary>
    /// <returns>A copy.</returns>
    public FakePortkeyReply WithGuardrailObjection() => With(reply => reply._flagged = true);

    /// <summary>The text and tool calls on one line.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _toolCalls.Count == 0
        ? $"reply \"{_text}\""
        : $"reply \"{_text}\" and call {string.Join(", ", _toolCalls.Select(call => call.Name))}";

    internal override bool NeedsClock =>
        _interval > TimeSpan.Zero || _bodyDelay > TimeSpan.Zero || _faults.Any(fault => fault.Duration > TimeSpan.Zero);

    internal override WireResponse Play(WireContext context)
    {
        string model = _model ?? context.Request.Model ?? "unknown";
        ChatJson json = new(context, model, _usage ?? Estimate(context));
        string finishReason = _finishReason ?? (_toolCalls.Count > 0 ? "tool_calls" : "stop");
        int status = _flagged ? 246 : 200;
        WireResponse response = context.Request.IsStream
            ? new WireResponse
            {
                Status = status,
                ContentType = "text/event-stream; charset=utf-8",
                Steps = StreamSteps(context, json, finishReason),
            }
            : Whole(status, json.Completion(_text, _toolCalls, finishReason, !_withoutUsage, _flagged));
        context.AddGatewayHeaders(response);
        HeaderList.Set(response.Headers, _headers);
        return response;
    }

    private static void RequireWholeCharacters(string chunk, int index)
    {
        int position = 0;
        while (position < chunk.Length)
        {
            if (!Rune.TryGetRuneAt(chunk, position, out Rune rune))
            {
                throw new ArgumentException(
                    $"Chunk {index} holds half of a surrogate pair at position {position}. Split the text between characters.", nameof(chunk));
            }

            position += rune.Utf16SequenceLength;
        }
    }

    private WireResponse Whole(int status, ReadOnlyMemory<byte> body) => _bodyDelay == TimeSpan.Zero
        ? WireResponse.Whole(status, "application/json", body)
        : new WireResponse
        {
            Status = status,
            ContentType = "application/json",
            ContentLength = body.Length,
            Steps = [new WireStep.Head(), new WireStep.Wait(_bodyDelay), new WireStep.Write(body)],
        };

    private IEnumerable<WireStep> StreamSteps(WireContext context, ChatJson json, string finishReason)
    {
        List<Action<Utf8JsonWriter>> deltas = [.. _chunks.Select<string, Action<Utf8JsonWriter>>(chunk => writer => writer.WritePlainString("content", chunk))];
        for (int i = 0; i < _toolCalls.Count; i++)
        {
            deltas.AddRange(ToolCallDeltas.Of(i, json.ToolCallId(i), _toolCalls[i]));
        }

        ReadOnlyMemory<byte>? hooks = _flagged && context.Request.Header("x-portkey-strict-open-ai-compliance") == "false"
            ? JsonBytes.Object(writer => HookJson.Write(writer, before: true, deny: false, "input_guardrail_fake"))
            : (ReadOnlyMemory<byte>?)null;
        ChatStream stream = new(json, context.Request.IncludesUsage, _withoutUsage ? [.. _faults, FakePortkeyStreamFault.MissingUsage()] : _faults);
        return stream.Steps(hooks, deltas, _interval, finishReason);
    }

    private FakePortkeyUsage Estimate(WireContext context)
    {
        int prompt = RequestJson.Items(RequestJson.Property(context.Request.Json, "messages")).Sum(message => RequestJson.MessageText(message).Length);
        int answer = (_text?.Length ?? 0) + _toolCalls.Sum(call => call.Name.Length + call.Arguments.Length);
        return new FakePortkeyUsage(FakePortkeyUsage.Estimate(prompt), FakePortkeyUsage.Estimate(answer));
    }

    private FakePortkeyReply With(Action<FakePortkeyReply> change)
    {
        FakePortkeyReply copy = (FakePortkeyReply)MemberwiseClone();
        change(copy);
        return copy;
    }
}
