using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>One embedding call to one deployment.</summary>
internal readonly record struct GatewayEmbeddingCall(
    Deployment Deployment, IReadOnlyList<string> Inputs, EmbeddingGenerationOptions? Options, GatewayEnvelope Envelope);
