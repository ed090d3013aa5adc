using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Testing.Scripting;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// A route of a fake: which requests it takes, and the sequence of its answers. Each answer is given once and the last one without end,
/// unless <see cref="Times"/> says otherwise; a route whose answers are used up matches no more.
/// </summary>
/// <typeparam name="TSelf">The kind of route.</typeparam>
/// <typeparam name="TRequest">What is answered.</typeparam>
/// <typeparam name="TAnswer">What is given.</typeparam>
public abstract class FakeRoute<TSelf, TRequest, TAnswer>
    where TSelf : FakeRoute<TSelf, TRequest, TAnswer>
{
    private readonly RouteScript<TRequest, TAnswer> _script;
    private readonly bool _hasClock;

    private protected FakeRoute(RouteScript<TRequest, TAnswer> script, bool hasClock)
    {
        _script = script;
        _hasClock = hasClock;
    }

    /// <summary>Gets the route itself; reads well between two answers of a sequence: <c>.Fail(…).Then.Reply("ok")</c>.</summary>
    public TSelf Then => (TSelf)this;

    /// <summary>Gets how often the route has answered.</summary>
    public int Calls => _script.Calls;

    /// <summary>Takes only requests that satisfy a condition; several conditions must all hold.</summary>
    /// <param name="condition">The condition. It is asked under the fake's lock: keep it short.</param>
    /// <param name="description">What messages call it; the compiler fills in the source text.</param>
    /// <returns>The route.</returns>
    public TSelf When(Func<TRequest, bool> condition, [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _script.AddCondition(description ?? "a condition holds", condition);
        return (TSelf)this;
    }

    /// <summary>Gives the last scripted answer this often. Verification demands exactly as many calls.</summary>
    /// <param name="count">At least 1.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">The route has no answer yet.</exception>
    public TSelf Times(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _script.ChangeLastStep(step => step.Times = count);
        return (TSelf)this;
    }

    /// <summary>Delays the last scripted answer, counted from the arrival of the request by the fake's clock.</summary>
    /// <param name="delay">The latency until the answer begins.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">The route has no answer yet, or the fake has no clock.</exception>
    public TSelf After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        RequireClock(delay > TimeSpan.Zero);
        _script.ChangeLastStep(step => step.Delay = delay);
        return (TSelf)this;
    }

    /// <summary>Holds the last scripted answer back until a task of the test completes.</summary>
    /// <param name="release">Completes when the answer may be given.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">The route has no answer yet.</exception>
    public TSelf After(Task release)
    {
        ArgumentNullException.ThrowIfNull(release);
        _script.ChangeLastStep(step => step.Hold = release);
        return (TSelf)this;
    }

    /// <summary>Leaves the route out of verification.</summary>
    /// <returns>The route.</returns>
    public TSelf Optional()
    {
        _script.MakeOptional();
        return (TSelf)this;
    }

    /// <summary>Says the route's conditions, and how often it answered.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _script.ToString();

    private protected TSelf Add(string name, bool needsClock, Func<TRequest, TAnswer> answer)
    {
        RequireClock(needsClock);
        _script.AddStep(name, answer);
        return (TSelf)this;
    }

    private void RequireClock(bool needed)
    {
        if (needed && !_hasClock)
        {
            throw new InvalidOperationException(Clocks.Missing);
        }
    }
}
