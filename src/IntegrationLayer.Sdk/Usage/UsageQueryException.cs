namespace IntegrationLayer.Sdk.Usage;

/// <summary>A query that can't be answered as it is. The message names the value and the cure.</summary>
/// <param name="message">What is wrong with which value, and what to do.</param>
/// <param name="parameter">The property of <see cref="UsageQuery"/> that is wrong.</param>
public sealed class UsageQueryException(string message, string parameter) : ArgumentException(message, parameter);
