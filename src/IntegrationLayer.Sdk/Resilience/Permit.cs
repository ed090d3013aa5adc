namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Leave to make one call, given by <see cref="CircuitBreaker.TryEnter"/> and given back, once, with <see cref="CircuitBreaker.Leave"/>.</summary>
/// <param name="Circuit">Which stretch of the circuit's life it belongs to: what a call says that began before the circuit last turned is old news.</param>
/// <param name="Rest">The same for rests: of many calls that are turned away together, only one makes the next rest longer.</param>
/// <param name="IsTrial">Whether it is the one trial call.</param>
/// <param name="IsCounted">Whether its success has been counted already.</param>
internal readonly record struct Permit(int Circuit, int Rest, bool IsTrial = false, bool IsCounted = false);
