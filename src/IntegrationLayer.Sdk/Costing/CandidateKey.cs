using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The part of a request's requirements that doesn't depend on its length: requests with equal keys have the same candidates.</summary>
internal readonly record struct CandidateKey
{
    public string? Name { get; init; }

    public ModelKind Kind { get; init; }

    public ModelCapabilities Capabilities { get; init; }

    public bool IsRegional { get; init; }

    public ulong Regions { get; init; }

    public int MinContextTokens { get; init; }

    public double MinQuality { get; init; }

    public decimal? MaxInputPrice { get; init; }

    public decimal? MaxOutputPrice { get; init; }

    public static CandidateKey Of(LlmRequest request, DeploymentSet deployments)
    {
        ModelRequirements requirements = request.Requirements;
        return new CandidateKey
        {
            Name = request.Options?.ModelId,
            Kind = request.Kind,
            Capabilities = requirements.Capabilities | RequestNeeds.Of(request),
            IsRegional = requirements.Regions.Count > 0,
            Regions = deployments.MaskOf(requirements.Regions),
            MinContextTokens = requirements.MinContextTokens,
            MinQuality = requirements.MinQuality,
            MaxInputPrice = requirements.MaxInputPrice,
            MaxOutputPrice = requirements.MaxOutputPrice,
        };
    }
}
