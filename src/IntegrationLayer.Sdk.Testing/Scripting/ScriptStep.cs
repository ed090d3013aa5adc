namespace IntegrationLayer.Sdk.Testing.Scripting;

/// <summary>One answer in a route's sequence, and how often it was given.</summary>
/// <typeparam name="TRequest">What is answered.</typeparam>
/// <typeparam name="TAnswer">What is given.</typeparam>
internal sealed class ScriptStep<TRequest, TAnswer>(string name, Func<TRequest, TAnswer> answer)
{
    /// <summary>What the answer is, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>Finds the answer.</summary>
    public Func<TRequest, TAnswer> Answer { get; } = answer;

    /// <summary>How often it is given; null is once, or without end for the last of a sequence.</summary>
    public int? Times { get; set; }

    /// <summary>How often it was given.</summary>
    public int Calls { get; set; }

    /// <summary>Waits before the answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What the answer waits for; null for nothing.</summary>
    public Task? Hold { get; set; }
}
