using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an application going when no gateway can be reached.</summary>
public static class LastResortBuilderExtensions
{
    /// <summary>Calls providers directly while every endpoint of the gateway is out. Everything else stays as it is: which deployments may serve, budgets, deadlines, settlement, receipts.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="chatClient">Makes the client of a deployment, of the same account and region as the deployment, for which budgets and residency were checked; <see langword="null"/> where there is none: then other deployments are tried. Called once a deployment, and again when the configuration changes. The model to call is in the client's options.</param>
    /// <param name="embeddingGenerator">The same for deployments that make embeddings.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseLastResort(
        this IIntegrationLayerBuilder builder,
        Func<IServiceProvider, Deployment, IChatClient?> chatClient,
        Func<IServiceProvider, Deployment, IEmbeddingGenerator<string, Embedding<float>>?>? embeddingGenerator = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(chatClient);
        builder.Services.Replace(ServiceDescriptor.Singleton(provider => new LastResort(deployment => Find(provider, deployment, chatClient, embeddingGenerator))));
        return builder;
    }

    private static ChatClientGateway? Find(
        IServiceProvider provider,
        Deployment deployment,
        Func<IServiceProvider, Deployment, IChatClient?> chatClient,
        Func<IServiceProvider, Deployment, IEmbeddingGenerator<string, Embedding<float>>?>? embeddingGenerator)
    {
        if (deployment.Model.Kind is ModelKind.Embedding)
        {
            return embeddingGenerator?.Invoke(provider, deployment) is { } generator ? new ChatClientGateway(client: null, generator) : null;
        }

        return chatClient(provider, deployment) switch
        {
            null => null,
            LlmChatClient => throw new InvalidOperationException("UseLastResort got the SDK's own IChatClient, which needs the gateway. Give it the provider's client."),
            { } client => new ChatClientGateway(client, embeddings: null),
        };
    }
}
