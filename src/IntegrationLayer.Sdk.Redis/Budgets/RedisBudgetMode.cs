namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>How budgets are counted in Redis, and what happens while Redis is away.</summary>
public enum RedisBudgetMode
{
    /// <summary>Every request asks Redis. While it is away, requests that a hard limit covers are denied.</summary>
    Strict = 0,

    /// <summary>Every request asks Redis. While it is away, each process goes on within an allowance; what it used is counted later.</summary>
    Open,

    /// <summary>
    /// Each process takes parts of the busy budgets from Redis and spends them on its own, which takes nanoseconds; near a limit, and where a budget is not busy, requests
    /// ask Redis. While it is away, a process spends what it has leased, for as long as the lease lasts; then requests that a hard limit covers are denied.
    /// </summary>
    Lease,
}
