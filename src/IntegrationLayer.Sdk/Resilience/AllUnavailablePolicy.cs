namespace IntegrationLayer.Sdk.Resilience;

/// <summary>What to do with a request when every deployment that could serve it is ill, resting or full.</summary>
/// <remarks>Requirements, budgets, concurrency limits and benches (no quota left, credential refused) hold whatever the policy.</remarks>
public enum AllUnavailablePolicy
{
    /// <summary>Waits for the first of them to come back, if that takes no more than a part of the time that the request has left; otherwise calls the least bad one.</summary>
    WaitEarliest = 0,

    /// <summary>Calls the least bad one at once: one that recovers before one on trial, that before one that is paused, that before one that asked to be left alone; of equals, the one that is back soonest.</summary>
    LeastBad,

    /// <summary>Fails with a <see cref="DeploymentsUnavailableException"/> at once.</summary>
    Fail,
}
