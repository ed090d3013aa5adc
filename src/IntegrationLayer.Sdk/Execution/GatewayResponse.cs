using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>A whole answer. Its usage follows Microsoft.Extensions.AI: input includes cached tokens, output includes reasoning.</summary>
internal readonly record struct GatewayResponse(ChatResponse Content, GatewayInfo Info) : IGatewayAnswer;
