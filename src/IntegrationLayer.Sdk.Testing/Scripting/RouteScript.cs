namespace IntegrationLayer.Sdk.Testing.Scripting;

/// <summary>Which requests a route takes, and its sequence of answers. Guarded by the lock of its table.</summary>
/// <typeparam name="TRequest">What is answered.</typeparam>
/// <typeparam name="TAnswer">What is given.</typeparam>
internal sealed class RouteScript<TRequest, TAnswer>(Lock gate, string name, Func<TRequest, bool> matches)
{
    private readonly List<(string Name, Func<TRequest, bool> Matches)> _conditions = [(name, matches)];
    private readonly List<ScriptStep<TRequest, TAnswer>> _steps = [];
    private bool _optional;

    /// <summary>How often the route answered.</summary>
    public int Calls
    {
        get
        {
            lock (gate)
            {
                return _steps.Sum(step => step.Calls);
            }
        }
    }

    /// <summary>Narrows the route.</summary>
    public void AddCondition(string description, Func<TRequest, bool> condition)
    {
        lock (gate)
        {
            _conditions.Add((description, condition));
        }
    }

    /// <summary>Appends an answer.</summary>
    public void AddStep(string description, Func<TRequest, TAnswer> answer)
    {
        lock (gate)
        {
            _steps.Add(new ScriptStep<TRequest, TAnswer>(description, answer));
        }
    }

    /// <summary>Changes the answer that was appended last.</summary>
    /// <exception cref="InvalidOperationException">There is no answer yet.</exception>
    public void ChangeLastStep(Action<ScriptStep<TRequest, TAnswer>> change)
    {
        lock (gate)
        {
            if (_steps.Count == 0)
            {
                throw new InvalidOperationException($"{this} has no answer yet. Say first what it answers, then how often or when.");
            }

            change(_steps[^1]);
        }
    }

    /// <summary>Leaves the route out of verification.</summary>
    public void MakeOptional()
    {
        lock (gate)
        {
            _optional = true;
        }
    }

    /// <summary>Takes the next answer for a request; null when the route does not match or its answers are used up.</summary>
    public ScriptStep<TRequest, TAnswer>? Take(TRequest request)
    {
        if (!_conditions.TrueForAll(condition => condition.Matches(request)))
        {
            return null;
        }

        for (int i = 0; i < _steps.Count; i++)
        {
            int limit = _steps[i].Times ?? (i == _steps.Count - 1 ? int.MaxValue : 1);
            if (_steps[i].Calls < limit)
            {
                _steps[i].Calls++;
                return _steps[i];
            }
        }

        return null;
    }

    /// <summary>What verification has against the route.</summary>
    public IEnumerable<string> Shortfalls()
    {
        if (_optional)
        {
            yield break;
        }

        if (_steps.Count == 0)
        {
            yield return $"{this} has no answer";
        }

        foreach (ScriptStep<TRequest, TAnswer> step in _steps)
        {
            if (step.Calls < (step.Times ?? 1))
            {
                yield return $"{this}: {step.Name} was given {step.Calls} of {step.Times ?? 1} times";
            }
        }
    }

    /// <summary>The conditions and the number of answers given.</summary>
    public override string ToString() => $"{string.Join(" when ", _conditions.Select(condition => condition.Name))} ({Progress()})";

    private string Progress() => _steps.Count == 0
        ? "no answer scripted"
        : $"{_steps.Sum(step => step.Calls)} answered{(UsedUp() ? ", used up" : string.Empty)}";

    private bool UsedUp() => _steps[^1].Times is { } times && _steps[^1].Calls >= times;
}
