using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>How a race ended.</summary>
/// <param name="Leg">Whose answer or failure counts; its call has ended, or is the only one.</param>
/// <param name="IsSecond">Whether that is the call that was made because the other was slow.</param>
/// <param name="Second">The second one, if it was sent.</param>
/// <param name="Before">The other call's failure, if it had failed before: it is settled, but nobody else was called for it.</param>
internal readonly record struct RaceResult<T>(Leg<T> Leg, bool IsSecond = false, RankedDeployment? Second = null, (LlmException Failure, RankedDeployment Failed)? Before = null);
