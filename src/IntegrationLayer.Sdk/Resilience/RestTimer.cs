namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The rest after "too many requests". Not synchronised: its owner is.</summary>
internal sealed class RestTimer(HealthEnvironment environment)
{
    private int _inRow;

    /// <summary>Gets when the rest ends; zero if there is none.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>Gets a number that is another one for each rest.</summary>
    public int Number { get; private set; }

    public bool IsOn => Until > TimeSpan.Zero;

    /// <summary>Begins a rest, or makes it longer; never shorter.</summary>
    /// <param name="now">The time.</param>
    /// <param name="asked">How long the sender asked to wait, if it did.</param>
    /// <param name="isNews">Whether the call began after the last rest did: of many calls turned away together, only the first makes the next rest longer.</param>
    public void Begin(TimeSpan now, TimeSpan? asked, bool isNews)
    {
        HealthOptions options = environment.Options();
        if (asked is { } wait)
        {
            Extend(now + (wait > options.MinRateLimitRest ? wait : options.MinRateLimitRest));
        }
        else if (isNews)
        {
            TimeSpan guess = environment.Backoff(options.RateLimitRest, options.MaxRateLimitRest, _inRow, options.Jitter);
            Extend(now + (guess > options.MinRateLimitRest ? guess : options.MinRateLimitRest));
        }

        if (isNews)
        {
            _inRow++;
            Number++;
        }
    }

    /// <summary>Makes the rest longer, if it ends sooner.</summary>
    public void Extend(TimeSpan until) => Until = until > Until ? until : Until;

    public void Advance(TimeSpan now) => Until = Until <= now ? TimeSpan.Zero : Until;

    /// <summary>A call that began after the last rest was answered.</summary>
    public void Succeed() => _inRow = 0;

    public void Reset() => (Until, _inRow) = (TimeSpan.Zero, 0);
}
