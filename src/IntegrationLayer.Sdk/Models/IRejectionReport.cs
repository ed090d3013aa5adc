namespace IntegrationLayer.Sdk.Models;

/// <summary>Can say why deployments were turned down, after the fact: decisions are pure functions of an immutable snapshot, so nothing is stored for it.</summary>
internal interface IRejectionReport
{
    /// <summary>Gives one reason for each deployment that was turned down.</summary>
    IReadOnlyList<RejectedDeployment> Explain();
}
