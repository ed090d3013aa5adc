using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route of <see cref="FakePortkey"/>.</summary>
/// <typeparam name="TSelf">The kind of route.</typeparam>
public abstract class FakePortkeyRoute<TSelf> : FakeRoute<TSelf, FakePortkeyRequest, FakePortkeyAnswer>
    where TSelf : FakePortkeyRoute<TSelf>
{
    private protected FakePortkeyRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Takes only requests for one provider.</summary>
    /// <param name="provider">The slug, for example <c>anthropic</c>.</param>
    /// <returns>The route.</returns>
    public TSelf ForProvider(string provider)
    {
        ArgumentException.ThrowIfNullOrEmpty(provider);
        return When(request => string.Equals(request.Provider, provider, StringComparison.Ordinal), $"provider is {provider}");
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The route.</returns>
    public TSelf Fail(FakePortkeyError error) => Answer(error);

    /// <summary>Never answers; the request ends when the client gives up.</summary>
    /// <returns>The route.</returns>
    public TSelf Hang() => Answer(FakePortkeyAnswer.Hang);

    /// <summary>Aborts the connection before any byte of the answer.</summary>
    /// <returns>The route.</returns>
    public TSelf Reset() => Answer(FakePortkeyAnswer.Reset);

    /// <summary>Gives any answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">The answer waits for a time span, and the fake has no clock.</exception>
    public TSelf Answer(FakePortkeyAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add(answer.ToString()!, answer.NeedsClock, _ => answer);
    }

    /// <summary>Gives an answer that depends on the request.</summary>
    /// <param name="answer">Finds the answer; may be called concurrently.</param>
    /// <returns>The route.</returns>
    public TSelf Answer(Func<FakePortkeyRequest, FakePortkeyAnswer> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add("computed answer", needsClock: false, answer);
    }
}
