using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>What is known of one call while it runs: enough to explain its failure without giving anything away.</summary>
internal sealed class CallFacts(Deployment deployment, GatewayEnvelope envelope, PortkeyOptions options)
{
    private static readonly string[] SecretNames = ["key", "token", "secret", "json", "password", "authorization"];

    public Deployment Deployment { get; } = deployment;

    public GatewayEnvelope Envelope { get; } = envelope;

    public PortkeyOptions Options { get; } = options;

    /// <summary>Gets whether the caller wants the reasoning of the answer.</summary>
    public bool KeepsReasoning { get; init; } = true;

    /// <summary>Gets whether the answer is asked for as a stream.</summary>
    public bool IsStream { get; init; }

    /// <summary>Gets or sets the conversation that is sent; only ever compared with.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>Gets what of the conversation is changed or left out.</summary>
    public LlmHistoryRepairs Repairs => Messages is null ? LlmHistoryRepairs.None : ForeignHistory.RepairsOf(Messages, Deployment);

    /// <summary>Gets or sets the texts to embed; only ever compared with.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Gets the secrets that the request bears.</summary>
    public IEnumerable<string> Secrets()
    {
        ProviderAccount account = Deployment.Account;
        foreach (string? secret in (string?[])[account.ApiKey, account.VirtualKey, Options.ApiKey])
        {
            if (secret is { Length: >= 4 })
            {
                yield return secret;
            }
        }

        foreach ((string name, string value) in account.Headers)
        {
            if (value.Length >= 4 && Array.Exists(SecretNames, part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
            {
                yield return value;
            }
        }
    }

    /// <summary>Gets the texts of the request.</summary>
    public IEnumerable<string> Texts()
    {
        foreach (string input in Inputs ?? [])
        {
            yield return input;
        }

        foreach (ChatMessage message in Messages ?? [])
        {
            foreach (AIContent content in message.Contents)
            {
                switch (content)
                {
                    case TextContent text:
                        yield return text.Text;
                        break;
                    case FunctionResultContent { Result: string result }:
                        yield return result;
                        break;
                }
            }
        }
    }
}
