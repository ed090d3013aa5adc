using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// Anything <see cref="FakePortkey"/> can answer: <see cref="FakePortkeyReply"/>, <see cref="FakePortkeyError"/>,
/// <see cref="FakePortkeyEmbeddings"/>, <see cref="FakePortkeyWireFault"/>, or one of the two that send nothing. Answers are immutable and may be shared between routes.
/// </summary>
public abstract class FakePortkeyAnswer
{
    private protected FakePortkeyAnswer()
    {
    }

    /// <summary>Gets the answer that never comes; the request ends when the client gives up or the server is disposed.</summary>
    public static FakePortkeyAnswer Hang { get; } =
        new SilentAnswer("hang", new WireStep.Hold(new TaskCompletionSource().Task));

    /// <summary>Gets the answer that aborts the connection before any byte of the answer.</summary>
    public static FakePortkeyAnswer Reset { get; } = new SilentAnswer("reset", new WireStep.Reset());

    /// <summary>True when the answer waits for a time span.</summary>
    internal virtual bool NeedsClock => false;

    internal abstract WireResponse Play(WireContext context);

    private sealed class SilentAnswer(string name, WireStep step) : FakePortkeyAnswer
    {
        public override string ToString() => name;

        internal override WireResponse Play(WireContext context) => new() { Status = 200, Steps = [step] };
    }
}
