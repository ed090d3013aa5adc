namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>One line of the provider's own log.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Account">Whose key it came with.</param>
/// <param name="Fault">What went wrong.</param>
/// <param name="InputTokens">What the provider bills for the question.</param>
/// <param name="OutputTokens">What it bills for the answer, if it gave it whole.</param>
internal sealed record ProviderCall(int Id, string Question, string Account, Fault Fault, int InputTokens, int OutputTokens);
