using System.Net;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Execution;

/// <summary>Lets any <see cref="IChatClient"/> stand in for Portkey: another gateway, a provider's own client, a fake.</summary>
internal sealed class ChatClientGateway(IChatClient? client, IEmbeddingGenerator<string, Embedding<float>>? embeddings) : IModelGateway
{
    private IChatClient Client => client
        ?? throw new LlmException("Only an embedding generator stands in for Portkey, no chat client.", LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk);

    public async ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        try
        {
            return new GatewayResponse(
                await Client.GetResponseAsync(call.Messages, OptionsOf(call), cancellationToken).ConfigureAwait(false), new GatewayInfo(200, call.Deployment.Provider));
        }
        catch (Exception e) when (AsFailure(e) is { } failure)
        {
            throw failure;
        }
    }

    public ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        try
        {
            return new(new ChatClientStream(
                Client.GetStreamingResponseAsync(call.Messages, OptionsOf(call), cancellationToken).GetAsyncEnumerator(cancellationToken), call.Deployment.Provider));
        }
        catch (Exception e) when (AsFailure(e) is { } failure)
        {
            return ValueTask.FromException<GatewayStream>(failure);
        }
    }

    public async ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken)
    {
        if (embeddings is null)
        {
            throw new LlmException(
                "The chat client that stands in for Portkey has no embeddings. Register one with UseGateway(chatClient, embeddingGenerator).",
                LlmErrorClass.InvalidRequest,
                LlmErrorSource.Sdk);
        }

        try
        {
            EmbeddingGenerationOptions options = call.Options?.Clone() ?? new EmbeddingGenerationOptions();
            options.ModelId = call.Deployment.ModelId;
            return new GatewayEmbeddings(
                await embeddings.GenerateAsync(call.Inputs, options, cancellationToken).ConfigureAwait(false), new GatewayInfo(200, call.Deployment.Provider));
        }
        catch (Exception e) when (AsFailure(e) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Names a failure of a client of which nothing is known but the platform's exceptions; <see langword="null"/> for one to leave as it is.</summary>
    internal static LlmException? AsFailure(Exception exception) => exception switch
    {
        OperationCanceledException or ArgumentException or LlmException => null,
        HttpRequestException { StatusCode: { } status } http => new LlmException(
            $"The provider answered {(int)status}.", ClassOf(status), LlmErrorSource.Provider, http) { StatusCode = (int)status },
        HttpRequestException http => new LlmException("The connection failed.", LlmErrorClass.Network, LlmErrorSource.Provider, http) { MayBeBilled = true },
        IOException broken => new LlmException("The connection broke.", LlmErrorClass.Network, LlmErrorSource.Provider, broken) { MayBeBilled = true },
        TimeoutException timeout => new LlmException("The provider didn't answer in time.", LlmErrorClass.Timeout, LlmErrorSource.Provider, timeout) { MayBeBilled = true },
        _ => new LlmException($"The chat client failed with {exception.GetType().Name}.", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider, exception) { MayBeBilled = true },
    };

    private static LlmErrorClass ClassOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => LlmErrorClass.Authentication,
        HttpStatusCode.PaymentRequired => LlmErrorClass.QuotaExhausted,
        HttpStatusCode.NotFound => LlmErrorClass.ModelNotFound,
        HttpStatusCode.RequestTimeout => LlmErrorClass.Timeout,
        HttpStatusCode.TooManyRequests => LlmErrorClass.RateLimited,
        >= HttpStatusCode.InternalServerError => LlmErrorClass.ProviderUnavailable,
        _ => LlmErrorClass.InvalidRequest,
    };

    private static ChatOptions OptionsOf(GatewayCall call)
    {
        ChatOptions options = call.Options?.Clone() ?? new ChatOptions();
        options.ModelId = call.Deployment.ModelId;
        return options;
    }
}
