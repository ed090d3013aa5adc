using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route for chat completions. Every reply is sent whole or as a stream, as the request asks.</summary>
public sealed class FakePortkeyChatRoute : FakePortkeyRoute<FakePortkeyChatRoute>
{
    internal FakePortkeyChatRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Replies with a text.</summary>
    /// <param name="text">What the model says.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute Reply(string text) => Answer(FakePortkeyReply.Text(text));

    /// <summary>Replies as composed.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute Reply(FakePortkeyReply reply) => Answer(reply);

    /// <summary>Replies with a text that depends on the request.</summary>
    /// <param name="text">Finds the text; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute Reply(Func<FakePortkeyRequest, string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Answer(request => FakePortkeyReply.Text(text(request)));
    }

    /// <summary>Replies with whatever depends on the request, errors included.</summary>
    /// <param name="answer">Finds the answer; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute Reply(Func<FakePortkeyRequest, FakePortkeyAnswer> answer) => Answer(answer);

    /// <summary>Replies with a text that is streamed in exactly these chunks.</summary>
    /// <param name="chunks">The pieces of the text, in order.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute ReplyStream(params IReadOnlyList<string> chunks) => Answer(FakePortkeyReply.Stream(chunks));

    /// <summary>Replies with a text that is streamed in chunks, one every <paramref name="interval"/>.</summary>
    /// <param name="interval">The time before each chunk, by the fake's clock.</param>
    /// <param name="chunks">The pieces of the text, in order.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute ReplyStream(TimeSpan interval, params IReadOnlyList<string> chunks) =>
        Answer(FakePortkeyReply.Stream(chunks).WithChunkInterval(interval));

    /// <summary>Replies with a call of a function.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="argumentsJson">Its arguments, as the text the model writes.</param>
    /// <returns>The route.</returns>
    public FakePortkeyChatRoute ReplyToolCall(string name, string argumentsJson) => Answer(FakePortkeyReply.ToolCall(name, argumentsJson));
}
