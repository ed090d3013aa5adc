using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// A route of <see cref="FakePortkey"/>: which requests it takes, and the sequence of its answers. Each answer is given once and the last
/// one without end, unless <see cref="Times"/> says otherwise; a route whose answers are used up matches no more.
/// </summary>
/// <typeparam name="TSelf">The kind of route.</typeparam>
public abstract class FakePortkeyRoute<TSelf>
    where TSelf : FakePortkeyRoute<TSelf>
{
    private readonly RouteScript<FakePortkeyRequest, FakePortkeyAnswer> _script;
    private readonly bool _hasClock;

    private protected FakePortkeyRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
    {
        _script = script;
        _hasClock = hasClock;
    }

    /// <summary>Reads well between two answers of a sequence: <c>.Fail(…).Then.Reply("ok")</c>.</summary>
    public TSelf Then => (TSelf)this;

    /// <summary>How often the route has answered.</summary>
    public int Calls => _script.Calls;

    /// <summary>Takes only requests that satisfy a condition; several conditions must all hold.</summary>
    /// <param name="condition">The condition. It is asked under the fake's lock: keep it short.</param>
    /// <param name="description">What messages call it; the compiler fills in the source text.</param>
    public TSelf When(Func<FakePortkeyRequest, bool> condition, [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _script.AddCondition(description ?? "a condition holds", condition);
        return (TSelf)this;
    }

    /// <summary>Takes only requests for one provider.</summary>
    /// <param name="provider">The slug, for example <c>anthropic</c>.</param>
    public TSelf ForProvider(string provider)
    {
        ArgumentException.ThrowIfNullOrEmpty(provider);
        return When(request => string.Equals(request.Provider, provider, StringComparison.Ordinal), $"provider is {provider}");
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="error">The error.</param>
    public TSelf Fail(FakePortkeyError error) => Answer(error);

    /// <summary>Never answers; the request ends when the client gives up.</summary>
    public TSelf Hang() => Answer(FakePortkeyAnswer.Hang);

    /// <summary>Aborts the connection before any byte of the answer.</summary>
    public TSelf Reset() => Answer(FakePortkeyAnswer.Reset);

    /// <summary>Gives any answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="InvalidOperationException">The answer waits for a time span, and the fake has no clock.</exception>
    public TSelf Answer(FakePortkeyAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        RequireClock(answer.NeedsClock);
        _script.AddStep(answer.ToString()!, _ => answer);
        return (TSelf)this;
    }

    /// <summary>Gives an answer that depends on the request.</summary>
    /// <param name="answer">Finds the answer; may be called concurrently.</param>
    public TSelf Answer(Func<FakePortkeyRequest, FakePortkeyAnswer> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _script.AddStep("computed answer", answer);
        return (TSelf)this;
    }

    /// <summary>Gives the last scripted answer this often. Verification demands exactly as many calls.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="InvalidOperationException">The route has no answer yet.</exception>
    public TSelf Times(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _script.ChangeLastStep(step => step.Times = count);
        return (TSelf)this;
    }

    /// <summary>Delays the last scripted answer, counted from the arrival of the request by the fake's clock.</summary>
    /// <param name="delay">The latency until the first byte.</param>
    /// <exception cref="InvalidOperationException">The route has no answer yet, or the fake has no clock.</exception>
    public TSelf After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        RequireClock(delay > TimeSpan.Zero);
        _script.ChangeLastStep(step => step.Delay = delay);
        return (TSelf)this;
    }

    /// <summary>Holds the last scripted answer back until a task of the test completes.</summary>
    /// <param name="release">Completes when the answer may be sent.</param>
    /// <exception cref="InvalidOperationException">The route has no answer yet.</exception>
    public TSelf After(Task release)
    {
        ArgumentNullException.ThrowIfNull(release);
        _script.ChangeLastStep(step => step.Hold = release);
        return (TSelf)this;
    }

    /// <summary>Leaves the route out of <see cref="FakePortkey.VerifyAllCalled"/>.</summary>
    public TSelf Optional()
    {
        _script.MakeOptional();
        return (TSelf)this;
    }

    /// <summary>The route's conditions, and how often it answered.</summary>
    public override string ToString() => _script.ToString();

    private void RequireClock(bool needed)
    {
        if (needed && !_hasClock)
        {
            throw new InvalidOperationException(FakePortkey.MissingClock);
        }
    }
}
