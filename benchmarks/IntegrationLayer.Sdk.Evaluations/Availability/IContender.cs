namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>Who asks the simulated providers.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Asks once.</summary>
    /// <returns>Whether a whole answer came.</returns>
    Task<bool> AskAsync();
}
