using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A call that was answered, or whose stream has shown content.</summary>
/// <param name="Target">Who answered.</param>
/// <param name="Result">The answer.</param>
/// <param name="SentAt">When the call was sent, as a timestamp.</param>
/// <param name="FirstContent">The time from there to the answer, or to a stream's first content.</param>
/// <param name="Timer">What ends the call, and goes on while a stream does.</param>
internal sealed record Attempt<T>(RankedDeployment Target, T Result, long SentAt, TimeSpan FirstContent, CallTimer Timer) : IDisposable
{
    /// <summary>Gets a value indicating whether it was made because another call was slow.</summary>
    public bool IsHedge { get; init; }

    public void Dispose() => Timer.Dispose();
}
