using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>The answer to an embedding call.</summary>
internal readonly record struct GatewayEmbeddings(GeneratedEmbeddings<Embedding<float>> Content, GatewayInfo Info) : IGatewayAnswer;
