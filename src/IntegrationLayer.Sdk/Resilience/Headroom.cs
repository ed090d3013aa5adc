using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>How much a deployment's provider will still take: what it last said, less what was sent since. Safe for concurrent use, without locks.</summary>
/// <remarks>An estimate. Calls that the provider hadn't seen when it answered are forgotten with the next answer; other processes' show only in the answers. What it gets wrong comes back as a 429, which has its own rest.</remarks>
internal sealed class Headroom(TimeProvider time)
{
    private volatile RateLimits? _said;
    private long _requests;
    private long _tokens;

    /// <summary>Takes over what an answer said.</summary>
    public void Hear(RateLimits limits)
    {
        Volatile.Write(ref _requests, 0);
        Volatile.Write(ref _tokens, 0);
        _said = limits;
    }

    /// <summary>Notes that a call is sent.</summary>
    public void Spend(long tokens)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _tokens, tokens);
    }

    /// <summary>Gets how many requests and tokens there are now; <see langword="null"/> for what isn't known.</summary>
    public (long? Requests, long? Tokens) Left()
    {
        if (_said is not { } said)
        {
            return default;
        }

        TimeSpan elapsed = time.GetElapsedTime(said.ReadAt);
        return (LeftOf(said.Requests, elapsed, Volatile.Read(ref _requests)), LeftOf(said.Tokens, elapsed, Volatile.Read(ref _tokens)));
    }

    /// <summary>Says whether there is too little for a request.</summary>
    /// <param name="tokens">How many tokens it may use.</param>
    public bool IsShortOf(long tokens) => Left() is var (requests, left) && (requests < 1 || left < tokens);

    private static long? LeftOf(RateLimit? limit, TimeSpan elapsed, long spent) => limit?.After(elapsed) is { } left ? Math.Max(0, left - spent) : null;
}
