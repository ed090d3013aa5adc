using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>One chat call to one deployment.</summary>
/// <param name="Deployment">Where to.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">The caller's options. Its model id is not used: the deployment's is.</param>
/// <param name="MaxOutputTokens">The cap on the answer that was reckoned with; sent when the caller gave none and the provider needs one.</param>
/// <param name="Envelope">What goes into headers.</param>
internal readonly record struct GatewayCall(
    Deployment Deployment, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, int? MaxOutputTokens, GatewayEnvelope Envelope)
{
    /// <summary>Gets a value indicating whether what stays the same from request to request is marked for the provider's prompt cache.</summary>
    public bool MarksPrefix { get; init; }
}
