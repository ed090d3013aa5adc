using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What Redis answered to a message about a lease.</summary>
/// <param name="Code">Whether the lease is held: <see cref="ReserveCode.Granted"/>, or <see cref="ReserveCode.Denied"/> if it expired or was lost, or why the window couldn't be read.</param>
/// <param name="Last">The number of the last message that had its effect.</param>
internal readonly record struct LeaseReply(ReserveCode Code, long Last)
{
    /// <summary>Gets what is held for it.</summary>
    public long Held { get; init; }

    /// <summary>Gets a value indicating whether others need what lies idle.</summary>
    public bool IsNeeded { get; init; }

    /// <summary>Gets what the window had used before and after.</summary>
    public (long Before, long After) Used { get; init; }

    public static LeaseReply Of(RedisResult reply) => (ReserveCode)(int)reply[0] is not ReserveCode.Granted
        ? new((ReserveCode)(int)reply[0], (long)reply[1])
        : new(ReserveCode.Granted, (long)reply[1]) { Held = (long)reply[2], IsNeeded = (int)reply[3] == 1, Used = ((long)reply[4], (long)reply[5]) };
}
