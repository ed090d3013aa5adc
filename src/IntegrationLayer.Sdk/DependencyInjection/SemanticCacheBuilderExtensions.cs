using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Turns the semantic cache on.</summary>
public static class SemanticCacheBuilderExtensions
{
    /// <summary>Answers questions that ask the same in other words from the cache. Without <c>UseExactMatchCache</c>, that is turned on too.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets how many errors are allowed, how much is kept; see the defaults of <see cref="SemanticCacheOptions"/>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Questions are compared inside the process, by <see cref="LexicalEmbeddingGenerator"/>, unless <see cref="UseSemanticEmbedder"/> or <see cref="UseSemanticEmbeddingModel"/> is called.</remarks>
    public static IIntegrationLayerBuilder UseSemanticCache(this IIntegrationLayerBuilder builder, Action<SemanticCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(static d => d.ServiceType == typeof(ICachePolicy) && d.ImplementationType == typeof(NoCachePolicy)))
        {
            builder.UseExactMatchCache();
        }

        services.AddOptions<SemanticCacheOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SemanticCacheOptions>, SemanticCacheOptionsValidator>());
        services.TryAddSingleton<ISemanticIndex, InMemorySemanticIndex>();
        services.TryAddSingleton(static _ => new SemanticEmbedder(new LexicalEmbeddingGenerator(), modelId: null));
        services.TryAddSingleton<QuestionEmbedder>();
        services.TryAddSingleton<LearningTable>();
        services.TryAddSingleton<SemanticCache>();
        services.TryAddSingleton<QuestionFinder>();
        services.TryAddSingleton(static p => new SemanticFollowUp(
            p.GetRequiredService<SemanticCache>(), p.GetRequiredService<LlmPipeline>, p.GetRequiredService<ILogger<LlmPipeline>>()));
        services.TryAddSingleton<ISemanticCacheFeedback>(static p => p.GetRequiredService<SemanticFollowUp>());
        services.TryAddSingleton<SemanticStep>();
        return builder;
    }

    /// <summary>Makes the semantic cache's vectors with an embedder of your own: a local model, another service.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="embedder">Makes the embedder.</param>
    /// <returns>The builder.</returns>
    /// <remarks>One that fails or takes too long makes a miss, and rests for 10 seconds after five failures in a row. When its model or its number of dimensions changes, what was kept before isn't found any more.</remarks>
    public static IIntegrationLayerBuilder UseSemanticEmbedder(
        this IIntegrationLayerBuilder builder, Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>> embedder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(embedder);
        builder.Services.Replace(ServiceDescriptor.Singleton(p => new SemanticEmbedder(embedder(p), modelId: null)));
        return builder;
    }

    /// <summary>Makes the semantic cache's vectors with a model over the gateway: routed, budgeted and recorded like any call, under the operation <c>semantic-cache</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="model">A deployment's name, an alias, a model or <c>provider/model</c>.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseSemanticEmbeddingModel(this IIntegrationLayerBuilder builder, string model)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        // The pipeline is asked for when it is needed: it has the semantic cache in it.
        builder.Services.Replace(ServiceDescriptor.Singleton(p => new SemanticEmbedder(new LlmEmbeddingGenerator(p.GetRequiredService<LlmPipeline>), model)));
        return builder;
    }
}
