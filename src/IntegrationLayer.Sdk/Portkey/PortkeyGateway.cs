using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Calls models through a Portkey gateway, hosted or self-hosted.</summary>
/// <remarks>
/// One call is one request: the gateway gets one resolved target, and neither its retries nor its cache are asked for. The HTTP client is kept
/// for ever; connections rotate by themselves (see <see cref="PortkeyHttpClient"/>). It must not be an <see cref="HttpClient"/>, which would
/// read whole bodies first, and link and time every request, for which there is a deadline already.
/// </remarks>
internal sealed class PortkeyGateway(HttpMessageInvoker client, Func<PortkeyOptions> options, TimeProvider time, ILogger<PortkeyGateway> logger) : IModelGateway
{
    private const string ChatPath = "chat/completions";
    private const string EmbeddingsPath = "embeddings";
    private const string ModelsPath = "models";
    private readonly PortkeyTransport _transport = new(client, options, time, logger);

    public ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken) =>
        SendAsync(Write(call, isStream: false), FactsOf(call, isStream: false), cancellationToken);

    public ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken) =>
        OpenStreamAsync(Write(call, isStream: true), FactsOf(call, isStream: true), cancellationToken);

    public async ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken)
    {
        CallFacts facts = new(call.Deployment, call.Envelope, _transport.Options) { Inputs = call.Inputs };
        PooledBuffer body = EmbeddingRequestWriter.Write(call);
        using HttpResponseMessage response = await _transport.SendAsync(HttpMethod.Post, EmbeddingsPath, body, facts, cancellationToken).ConfigureAwait(false);
        using PooledBuffer answer = await _transport.ReadAsync(response, facts, cancellationToken).ConfigureAwait(false);
        _transport.CheckJson(response, answer, facts);
        GatewayInfo info = AnswerInfo.Of(response, facts, time);
        GeneratedEmbeddings<Embedding<float>>? embeddings;
        try
        {
            embeddings = EmbeddingReader.Read(answer.Span, call.Inputs.Count, info.Provider ?? call.Deployment.Provider, time.GetUtcNow());
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            throw _transport.Log(PortkeyFailures.BadOutput($"The answer is not {call.Inputs.Count} embeddings.", info.StatusCode, facts, exception), facts);
        }

        return embeddings is null ? throw _transport.FailureOf(response, answer.Span, facts) : new GatewayEmbeddings(embeddings, info);
    }

    /// <summary>Lists the models that an account can call, as the provider names them.</summary>
    /// <param name="account">Whose models.</param>
    /// <param name="envelope">What the call says about itself.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LlmException">The call failed, or the provider has no such list.</exception>
    public async Task<IReadOnlyList<string>> ListModelsAsync(ProviderAccount account, GatewayEnvelope envelope, CancellationToken cancellationToken)
    {
        Deployment deployment = new()
        {
            Name = $"{account.Name}/*", Account = account, ModelId = "*", Model = new ModelInfo { Provider = account.Provider, Model = "*" },
        };
        CallFacts facts = new(deployment, envelope, _transport.Options);
        using HttpResponseMessage response = await _transport.SendAsync(HttpMethod.Get, ModelsPath, null, facts, cancellationToken).ConfigureAwait(false);
        using PooledBuffer body = await _transport.ReadAsync(response, facts, cancellationToken).ConfigureAwait(false);
        _transport.CheckJson(response, body, facts);
        try
        {
            return ModelListReader.Read(body.Span) ?? throw _transport.FailureOf(response, body.Span, facts);
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            throw _transport.Log(PortkeyFailures.BadOutput("The answer is not a list of models.", (int)response.StatusCode, facts), facts);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<GatewayResponse> SendAsync(PooledBuffer body, CallFacts facts, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _transport.SendAsync(HttpMethod.Post, ChatPath, body, facts, cancellationToken).ConfigureAwait(false);
        return await ReadAnswerAsync(response, facts, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<GatewayStream> OpenStreamAsync(PooledBuffer body, CallFacts facts, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _transport.SendAsync(HttpMethod.Post, ChatPath, body, facts, cancellationToken).ConfigureAwait(false);
        bool isHandedOver = false;
        try
        {
            string? kind = response.Content.Headers.ContentType?.MediaType;
            if (kind is not null && (kind.Contains("json", StringComparison.OrdinalIgnoreCase) || kind.Contains("html", StringComparison.OrdinalIgnoreCase)))
            {
                // Not a stream after all: an error with a good status, a whole answer, or a page.
                GatewayResponse whole = await ReadAnswerAsync(response, facts, cancellationToken).ConfigureAwait(false);
                return new WholeAnswerStream(whole);
            }

            Stream stream = await BodyReader.OpenAsync(response, cancellationToken).ConfigureAwait(false);
            PortkeyStream events = new(response, stream, facts, time, cancellationToken);
            isHandedOver = true;
            return events;
        }
        finally
        {
            if (!isHandedOver)
            {
                response.Dispose();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<GatewayResponse> ReadAnswerAsync(HttpResponseMessage response, CallFacts facts, CancellationToken cancellationToken)
    {
        using PooledBuffer body = await _transport.ReadAsync(response, facts, cancellationToken).ConfigureAwait(false);
        _transport.CheckJson(response, body, facts);
        GatewayInfo info = AnswerInfo.Of(response, facts, time);
        info.Detail?.ResponseBytes = body.Length;
        ChatResponse? content;
        string? failedBy;
        try
        {
            content = ChatAnswerReader.Read(body.Span, info.Provider ?? facts.Deployment.Provider, facts.KeepsReasoning, out ChatAnswerReader answer);
            failedBy = answer.FailedBy;
        }
        catch (Exception exception) when (JsonText.IsBroken(exception))
        {
            throw _transport.Log(PortkeyFailures.BadOutput("The answer is not the JSON of a chat completion.", info.StatusCode, facts), facts);
        }

        if (content is null)
        {
            throw failedBy is null
                ? _transport.FailureOf(response, body.Span, facts)
                : _transport.Log(PortkeyFailures.FromFinish(failedBy, facts), facts);
        }

        return new GatewayResponse(content, info);
    }

    // Nothing was sent yet, so whatever goes wrong costs nothing.
    private static PooledBuffer Write(in GatewayCall call, bool isStream)
    {
        try
        {
            return ChatRequestWriter.Write(call, isStream);
        }
        catch (Exception e) when (e is not (LlmException or ArgumentException or OutOfMemoryException))
        {
            throw new LlmException(
                $"The request can't be written as JSON ({e.GetType().Name}): a content, a tool, a schema or an additional property of it is of a kind that has none, or was disposed.",
                LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk, e);
        }
    }

    private CallFacts FactsOf(in GatewayCall call, bool isStream) => new(call.Deployment, call.Envelope, _transport.Options)
    {
        Messages = call.Messages,
        IsStream = isStream,
        KeepsReasoning = call.Options?.Reasoning?.Output != ReasoningOutput.None,
    };
}
