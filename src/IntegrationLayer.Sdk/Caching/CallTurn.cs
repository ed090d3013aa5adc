namespace IntegrationLayer.Sdk.Caching;

/// <summary>What a process may do that wanted to make a call.</summary>
/// <param name="IsAnswered">Whether another process has made it, and its answer is there.</param>
/// <param name="Lease">What keeps the others waiting, if it is for this one to make; ended when its answer can be found, or there will be none.</param>
internal readonly record struct CallTurn(bool IsAnswered, ICallLease? Lease);
