namespace IntegrationLayer.Sdk.Testing;

/// <summary>What a test expected of a fake or of a receipt did not happen. Any test framework reports it as a failure.</summary>
/// <param name="message">What was expected, and what happened.</param>
public sealed class FakeVerificationException(string message) : Exception(message);
