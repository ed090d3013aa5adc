namespace IntegrationLayer.Sdk.Caching;

/// <summary>How a call in flight ended, for those who joined it.</summary>
internal sealed record FlightEnd
{
    /// <summary>Gets the end that says nothing about the answer: whoever still wants one asks anew.</summary>
    public static FlightEnd AskAnew { get; } = new();

    /// <summary>Gets the answer, in a form that nobody can change.</summary>
    public IStoredAnswer? Answer { get; init; }

    /// <summary>Gets who gave it, and what it cost.</summary>
    public AnswerOrigin? Origin { get; init; }

    /// <summary>Gets why there is no answer, if that is everybody's business.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Gets a value indicating whether the call was ended by the time limit of who made it: others may have more time.</summary>
    public bool IsOutOfTime { get; init; }
}
