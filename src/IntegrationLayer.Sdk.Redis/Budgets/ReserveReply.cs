using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What a script answered that reads counters.</summary>
/// <param name="reply">The answer.</param>
/// <param name="firstChoice">The choice that the script knew as its first.</param>
internal readonly struct ReserveReply(RedisResult reply, int firstChoice)
{
    // A code, a choice or a counter, the time, what expired.
    private const int Head = 4;

    /// <summary>Gets what was decided.</summary>
    public ReserveCode Code => (ReserveCode)(int)reply[0];

    /// <summary>Gets the choice that was granted.</summary>
    public int Choice => firstChoice + (int)reply[1] - 1;

    /// <summary>Gets the position of the window that couldn't be read.</summary>
    public int Window => (int)reply[1] - 1;

    /// <summary>Gets the server's time.</summary>
    public long Now => (long)reply[2];

    /// <summary>Gets what settling the replaced hold answered.</summary>
    public RedisResult? Settled { get; init; }

    /// <summary>Gets which windows' reservations expired, and what they were charged.</summary>
    public IEnumerable<(int Window, long Charged)> Expired
    {
        get
        {
            if (reply.Length <= Head - 1)
            {
                yield break;
            }

            RedisResult expired = reply[3];
            for (int i = 0; i < expired.Length; i += 2)
            {
                yield return ((int)expired[i] - 1, (long)expired[i + 1]);
            }
        }
    }

    /// <summary>Gets what a window has used and holds, and after a denial how long until a rolling one has room; negative if it won't.</summary>
    public (long Used, long Held, long WaitMilliseconds) CountsOf(int window, bool isDenial)
    {
        int at = Head + (window * (isDenial ? 3 : 2));
        return ((long)reply[at], (long)reply[at + 1], isDenial ? (long)reply[at + 2] : -1);
    }
}
