using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Embeddings over the same pipeline as chat: routed, priced, budgeted and observed.</summary>
internal sealed class LlmEmbeddingGenerator(Func<LlmPipeline> pipeline) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("integration_layer");

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] inputs = [.. values];
        if (Array.IndexOf(inputs, null) is >= 0 and int missing)
        {
            throw new ArgumentException($"The text at position {missing} is null. Leave it out, or give an empty one.", nameof(values));
        }

        if (inputs.Length == 0)
        {
            return [];
        }

        (GeneratedEmbeddings<Embedding<float>> content, LlmReceipt receipt) =
            await pipeline().EmbedAsync(RequestOf(inputs, options), inputs, WithoutOurs(options), cancellationToken).ConfigureAwait(false);
        (content.AdditionalProperties ??= [])[nameof(LlmReceipt)] = receipt;
        return content;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_metadata) ? _metadata
            : null;
    }

    public void Dispose()
    {
        // The pipeline belongs to the container.
    }

    // Context and requirements travel in the options' additional properties, under the names of their types.
    private static LlmRequest RequestOf(string[] inputs, EmbeddingGenerationOptions? options) =>
        new([.. inputs.Select(input => new ChatMessage(ChatRole.User, input))])
        {
            Kind = ModelKind.Embedding,
            Options = options?.ModelId is { } model ? new ChatOptions { ModelId = model } : null,
            Context = Find<LlmRequestContext>(options) ?? LlmRequestContext.Default,
            Requirements = Find<ModelRequirements>(options) ?? ModelRequirements.Any,
        };

    // The SDK's own properties are none of the provider's.
    private static EmbeddingGenerationOptions? WithoutOurs(EmbeddingGenerationOptions? options)
    {
        if (Find<LlmRequestContext>(options) is null && Find<ModelRequirements>(options) is null)
        {
            return options;
        }

        EmbeddingGenerationOptions sent = options!.Clone();
        sent.AdditionalProperties!.Remove(nameof(LlmRequestContext));
        sent.AdditionalProperties.Remove(nameof(ModelRequirements));
        return sent;
    }

    // A requirement that is silently passed over could send data where they mustn't go.
    private static T? Find<T>(EmbeddingGenerationOptions? options)
        where T : class => options?.AdditionalProperties?.GetValueOrDefault(typeof(T).Name) switch
        {
            null => null,
            T value => value,
            var other => throw new ArgumentException($"AdditionalProperties[\"{typeof(T).Name}\"] is a {other.GetType().Name}; it must be a {typeof(T).Name}.", nameof(options)),
        };
}
