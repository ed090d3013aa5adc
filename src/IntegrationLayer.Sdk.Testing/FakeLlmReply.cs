using System.Text.Json;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Testing.Wire;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// What <see cref="FakeLlmClient"/> answers, whole or streamed as the caller asks, and the receipt that comes with it.
/// Immutable: every <c>With…</c> returns a copy.
/// </summary>
public sealed class FakeLlmReply
{
    private readonly string _name;
    private IReadOnlyList<AIContent> _contents = [];
    private ChatFinishReason _finishReason = ChatFinishReason.Stop;
    private LlmCost _cost = LlmCost.None;
    private Func<LlmReceipt, LlmReceipt> _change = receipt => receipt;
    private string? _model;
    private TokenUsage? _tokens;
    private LlmErrorClass _breakClass;

    private FakeLlmReply(string name) => _name = name;

    internal static FakeLlmReply Hang { get; } = new("hang") { Hangs = true };

    internal TimeSpan Interval { get; private set; }

    internal Exception? Exception { get; private init; }

    internal bool Hangs { get; private init; }

    internal int? BreaksAfter { get; private set; }

    /// <summary>Composes a text; streamed word by word.</summary>
    /// <param name="text">What the model says.</param>
    /// <returns>The reply.</returns>
    public static FakeLlmReply Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Stream([.. SseText.Pieces(text)]);
    }

    /// <summary>Composes a text that is streamed in exactly these chunks.</summary>
    /// <param name="chunks">The pieces of the text, in order.</param>
    /// <returns>The reply.</returns>
    public static FakeLlmReply Stream(params IReadOnlyList<string> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return new FakeLlmReply($"reply \"{string.Concat(chunks)}\"") { _contents = [.. chunks.Select(chunk => new TextContent(chunk))] };
    }

    /// <summary>Composes contents of any kind, one piece of a stream each.</summary>
    /// <param name="contents">The contents, in order.</param>
    /// <returns>The reply.</returns>
    public static FakeLlmReply Contents(params IReadOnlyList<AIContent> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        return new FakeLlmReply("reply with contents") { _contents = [.. contents] };
    }

    /// <summary>Composes a call of a function.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="argumentsJson">Its arguments, an object in JSON.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException"><paramref name="argumentsJson"/> is no object in JSON.</exception>
    public static FakeLlmReply ToolCall(string name, string argumentsJson)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        FunctionCallContent call = new($"call_fake_{name}", name, ParseArguments(argumentsJson));
        return new FakeLlmReply($"call {name}") { _contents = [call], _finishReason = ChatFinishReason.ToolCalls };
    }

    /// <summary>Composes a failure: the call throws.</summary>
    /// <param name="exception">The exception; the same object every time.</param>
    /// <returns>The reply.</returns>
    public static FakeLlmReply Failure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new FakeLlmReply($"throw {exception.GetType().Name}") { Exception = exception };
    }

    /// <summary>Sets what the call costs; the default is nothing.</summary>
    /// <param name="usd">The cost in US dollars.</param>
    /// <param name="status">How far the amount can be trusted.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithCost(decimal usd, PriceStatus status = PriceStatus.Exact)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        return With(reply => reply._cost = new LlmCost(usd, status));
    }

    /// <summary>Sets the model that answers; the default is the requested one, else <c>fake-model</c>.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithModel(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return With(reply => reply._model = model);
    }

    /// <summary>Sets the tokens; by default one is counted for every four characters of prompt and answer.</summary>
    /// <param name="tokens">The tokens by class.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithTokens(TokenUsage tokens) => With(reply => reply._tokens = tokens);

    /// <summary>Sets why the answer ends.</summary>
    /// <param name="finishReason">The reason; the default is <c>stop</c>, or <c>tool_calls</c>.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithFinishReason(ChatFinishReason finishReason) => With(reply => reply._finishReason = finishReason);

    /// <summary>Presents the reply as an answer from the cache: no cost, no attempt.</summary>
    /// <returns>A copy.</returns>
    public FakeLlmReply FromCache() =>
        WithCost(0m, PriceStatus.Free).WithReceipt(receipt => receipt with { Cache = CacheOutcome.Hit, Attempts = [] });

    /// <summary>Changes anything else of the receipt.</summary>
    /// <param name="change">Gets the receipt as it would be, and gives the one to send.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithReceipt(Func<LlmReceipt, LlmReceipt> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(reply => reply._change = receipt => change(_change(receipt)));
    }

    /// <summary>Waits before each piece of a stream, by the fake's clock.</summary>
    /// <param name="interval">The time between pieces.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply WithInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return With(reply => reply.Interval = interval);
    }

    /// <summary>Breaks the stream off with an <see cref="LlmStreamInterruptedException"/>; a whole answer fails with an <see cref="LlmException"/>.</summary>
    /// <param name="chunks">The pieces that arrive before it, at least one.</param>
    /// <param name="errorClass">The class of the failure.</param>
    /// <returns>A copy.</returns>
    public FakeLlmReply InterruptedAfter(int chunks, LlmErrorClass errorClass = LlmErrorClass.StreamTruncated)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks, 1);
        return With(reply => (reply.BreaksAfter, reply._breakClass) = (chunks, errorClass));
    }

    /// <summary>Says what the reply is.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _name;

    internal IEnumerable<ChatResponseUpdate> Updates(LlmReceipt receipt)
    {
        foreach (AIContent content in _contents)
        {
            yield return Update(receipt, content);
        }

        ChatResponseUpdate last = Update(receipt, new UsageContent(new UsageDetails
        {
            InputTokenCount = receipt.Tokens.TotalInput,
            OutputTokenCount = receipt.Tokens.TotalOutput,
            TotalTokenCount = receipt.Tokens.TotalInput + receipt.Tokens.TotalOutput,
        }));
        last.FinishReason = _finishReason;
        yield return last;
    }

    internal void ThrowIfBroken(LlmReceipt receipt, bool streamed)
    {
        if (BreaksAfter is not { } chunks)
        {
            return;
        }

        const string Message = "FakeLlmClient was told to break off.";
        if (!streamed)
        {
            throw new LlmException(Message, _breakClass, LlmErrorSource.Provider) { MayBeBilled = true };
        }

        throw new LlmStreamInterruptedException(Message, _breakClass, LlmErrorSource.Provider)
        {
            PartialText = string.Concat(_contents.Take(chunks).OfType<TextContent>().Select(content => content.Text)),
            Receipt = receipt,
            MayBeBilled = true,
        };
    }

    internal LlmReceipt Receipt(LlmRequest request, long number)
    {
        string model = _model ?? request.Options?.ModelId ?? "fake-model";
        string deployment = $"fake/{model}";
        return _change(new LlmReceipt
        {
            RequestId = $"fake-{number}",
            TraceId = request.Context.TraceId,
            Deployment = deployment,
            Provider = "fake",
            ModelRequested = request.Options?.ModelId,
            Model = model,
            ModelServed = model,
            Cost = _cost,
            Tokens = _tokens ?? Estimate(request),
            Attempts = [new LlmAttempt { Deployment = deployment, Provider = "fake", Cost = _cost, StatusCode = 200 }],
        });
    }

    private static Dictionary<string, object?> ParseArguments(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            JsonElement root = JsonElement.Parse(json);
            if (root.ValueKind == JsonValueKind.Object)
            {
                return root.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value);
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The arguments are no JSON: {json}", nameof(json), exception);
        }

        throw new ArgumentException($"The arguments are no object in JSON: {json}", nameof(json));
    }

    private static ChatResponseUpdate Update(LlmReceipt receipt, AIContent content) =>
        new(ChatRole.Assistant, [content]) { ResponseId = receipt.RequestId, MessageId = receipt.RequestId, ModelId = receipt.ModelServed };

    private TokenUsage Estimate(LlmRequest request) => new()
    {
        Input = FakePortkeyUsage.Estimate(request.Messages.Sum(message => message.Text.Length)),
        Output = FakePortkeyUsage.Estimate(_contents.OfType<TextContent>().Sum(content => content.Text.Length)),
    };

    private FakeLlmReply With(Action<FakeLlmReply> change)
    {
        FakeLlmReply copy = (FakeLlmReply)MemberwiseClone();
        change(copy);
        return copy;
    }
}
