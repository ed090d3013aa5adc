using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// Something that goes wrong, or looks unusual, in a stream. Positions count the content chunks already sent: 0 is after the opening chunk
/// that only names the role; a position past the last chunk is before the finish reason. Several faults can be combined.
/// They have no effect on requests that do not stream.
/// </summary>
public sealed class FakePortkeyStreamFault
{
    private FakePortkeyStreamFault(StreamFaultKind kind, int after = 0, string text = "", Task? release = null, TimeSpan duration = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        Kind = kind;
        After = after;
        Text = text;
        Release = release;
        Duration = duration;
    }

    internal StreamFaultKind Kind { get; }

    internal int After { get; }

    internal string Text { get; }

    internal Task? Release { get; }

    internal TimeSpan Duration { get; }

    /// <summary>The body ends cleanly without finish reason and <c>[DONE]</c>: what the gateway makes of a provider that breaks off.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault Truncate(int afterChunks) => new(StreamFaultKind.Truncate, afterChunks);

    /// <summary>The connection to the gateway breaks: the reader gets an <see cref="HttpIOException"/> after what was sent.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault Reset(int afterChunks) => new(StreamFaultKind.Reset, afterChunks);

    /// <summary>An event <c>{"error":{…}}</c>, then the end of the body without <c>[DONE]</c>: OpenAI's failure in mid-stream.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <param name="message">The error's message.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault ErrorEvent(
        int afterChunks, string message = "The server had an error while processing your request") =>
        new(StreamFaultKind.ErrorEvent, afterChunks, message);

    /// <summary>A chunk whose finish reason is the type of an error, then <c>[DONE]</c>: what the gateway makes of Anthropic's failure in mid-stream.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <param name="errorType">The error's type.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault ErrorFinishReason(int afterChunks, string errorType = "overloaded_error") =>
        new(StreamFaultKind.ErrorFinish, afterChunks, errorType);

    /// <summary>Nothing more comes until the client gives up.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault Stall(int afterChunks) => Stall(afterChunks, new TaskCompletionSource().Task);

    /// <summary>Nothing comes until a task of the test completes; then the stream goes on.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <param name="release">Completes when the stream may go on.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault Stall(int afterChunks, Task release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new(StreamFaultKind.Stall, afterChunks, release: release);
    }

    /// <summary>Nothing comes for a while by the fake's clock; then the stream goes on.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <param name="duration">How long.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is not positive.</exception>
    public static FakePortkeyStreamFault Pause(int afterChunks, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return new(StreamFaultKind.Pause, afterChunks, duration: duration);
    }

    /// <summary>An event with a payload of your choice, for example no JSON at all; the stream goes on after it.</summary>
    /// <param name="afterChunks">The content chunks sent before it.</param>
    /// <param name="payload">What follows <c>data: </c>.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault JunkEvent(int afterChunks, string payload = "{not json")
    {
        ArgumentNullException.ThrowIfNull(payload);
        return new(StreamFaultKind.Junk, afterChunks, payload);
    }

    /// <summary>Separates events by CR LF CR LF.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault CrLf() => new(StreamFaultKind.CrLf);

    /// <summary>Sends a comment line before every event, as OpenRouter does to keep connections alive.</summary>
    /// <param name="text">What follows the colon.</param>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault Comments(string text = "OPENROUTER PROCESSING") => new(StreamFaultKind.Comments, text: text);

    /// <summary>Reports no usage, not even when the request asks for it.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault MissingUsage() => new(StreamFaultKind.NoUsage);

    /// <summary>Ends after the finish reason, without <c>[DONE]</c>.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault MissingDone() => new(StreamFaultKind.NoDone);

    /// <summary>Ends writes in the middle of every character that takes several bytes.</summary>
    /// <returns>The fault.</returns>
    public static FakePortkeyStreamFault SplitUtf8() => new(StreamFaultKind.SplitUtf8);

    /// <summary>The fault and its position.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Kind} after {After} chunks";
}
