using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route of <see cref="FakeLlmClient"/>.</summary>
public sealed class FakeLlmRoute : FakeRoute<FakeLlmRoute, LlmRequest, FakeLlmReply>
{
    internal FakeLlmRoute(RouteScript<LlmRequest, FakeLlmReply> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Takes only requests that ask for one model by name.</summary>
    /// <param name="model">The name in <c>Options.ModelId</c>.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute ForModel(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return When(request => string.Equals(request.Options?.ModelId, model, StringComparison.Ordinal), $"model is {model}");
    }

    /// <summary>Replies with a text.</summary>
    /// <param name="text">What the model says.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute Reply(string text) => Reply(FakeLlmReply.Text(text));

    /// <summary>Replies as composed.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">The reply waits for a time span, and the fake has no clock.</exception>
    public FakeLlmRoute Reply(FakeLlmReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Add(reply.ToString(), reply.Interval > TimeSpan.Zero, _ => reply);
    }

    /// <summary>Replies with a text that depends on the request.</summary>
    /// <param name="text">Finds the text; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute Reply(Func<LlmRequest, string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add("computed reply", needsClock: false, request => FakeLlmReply.Text(text(request)));
    }

    /// <summary>Replies with whatever depends on the request, failures included.</summary>
    /// <param name="reply">Finds the reply; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute Reply(Func<LlmRequest, FakeLlmReply> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Add("computed reply", needsClock: false, reply);
    }

    /// <summary>Replies with a text that is streamed in exactly these chunks.</summary>
    /// <param name="chunks">The pieces of the text, in order.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute ReplyStream(params IReadOnlyList<string> chunks) => Reply(FakeLlmReply.Stream(chunks));

    /// <summary>Replies with a call of a function.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="argumentsJson">Its arguments, an object in JSON.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute ReplyToolCall(string name, string argumentsJson) => Reply(FakeLlmReply.ToolCall(name, argumentsJson));

    /// <summary>Throws an exception, for example a <see cref="Budgets.BudgetExceededException"/>.</summary>
    /// <param name="exception">The exception; the same object every time.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute Fail(Exception exception) => Reply(FakeLlmReply.Failure(exception));

    /// <summary>Throws an <see cref="LlmException"/> of this class.</summary>
    /// <param name="errorClass">The class of the failure.</param>
    /// <param name="retryAfter">How long the provider asks to wait; <see langword="null"/> for nothing.</param>
    /// <returns>The route.</returns>
    public FakeLlmRoute Fail(LlmErrorClass errorClass, TimeSpan? retryAfter = null) => Fail(
        new LlmException($"FakeLlmClient was told to fail with {errorClass}.", errorClass, LlmErrorSource.Provider) { RetryAfter = retryAfter });

    /// <summary>Never answers; the call ends when its token is cancelled.</summary>
    /// <returns>The route.</returns>
    public FakeLlmRoute Hang() => Reply(FakeLlmReply.Hang);
}
