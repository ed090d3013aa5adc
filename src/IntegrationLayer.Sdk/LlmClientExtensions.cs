using System.Text.Json;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>Conveniences over <see cref="ILlmClient"/>.</summary>
public static class LlmClientExtensions
{
    /// <summary>Asks one question.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer and its receipt.</returns>
    public static Task<LlmResponse> GetResponseAsync(this ILlmClient client, string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetResponseAsync(new LlmRequest(prompt), cancellationToken);
    }

    /// <summary>Asks one question and returns the answer as it is written.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The pieces of the answer; the receipt is on the last.</returns>
    public static IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(this ILlmClient client, string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetStreamingResponseAsync(new LlmRequest(prompt), cancellationToken);
    }

    /// <summary>Asks for an answer of a type, by a JSON schema made from it.</summary>
    /// <typeparam name="T">What to return. A type that is not an object in JSON is asked for inside one.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="request">The request. Its response format is replaced; only models that keep to a schema are candidates.</param>
    /// <param name="serializerOptions">How to read <typeparamref name="T"/>: pass those of a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> in trimmed or native applications. The default is <see cref="AIJsonUtilities.DefaultOptions"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value, with the response it came in.</returns>
    /// <exception cref="LlmOutputException">The answer can't be read as <typeparamref name="T"/>.</exception>
    public static Task<LlmResponse<T>> GetResponseAsync<T>(
        this ILlmClient client, LlmRequest request, JsonSerializerOptions? serializerOptions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        return StructuredOutput.GetResponseAsync<T>(client, request, serializerOptions ?? AIJsonUtilities.DefaultOptions, cancellationToken);
    }

    /// <summary>Asks one question and returns the answer as a type.</summary>
    /// <typeparam name="T">What to return.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value, with the response it came in.</returns>
    /// <exception cref="LlmOutputException">The answer can't be read as <typeparamref name="T"/>.</exception>
    public static Task<LlmResponse<T>> GetResponseAsync<T>(this ILlmClient client, string prompt, CancellationToken cancellationToken = default) =>
        client.GetResponseAsync<T>(new LlmRequest(prompt), serializerOptions: null, cancellationToken);

    /// <summary>Decides where a request would go, without calling anything.</summary>
    /// <param name="client">The client that <c>AddIntegrationLayer</c> registered.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the planning.</param>
    /// <returns>The decision, with a reason for each deployment that can't serve.</returns>
    /// <exception cref="NotSupportedException"><paramref name="client"/> plans no routes.</exception>
    public static ValueTask<RouteDecision> RouteAsync(this ILlmClient client, LlmRequest request, CancellationToken cancellationToken = default) =>
        client is IRoutePlanner planner
            ? planner.RouteAsync(request, cancellationToken)
            : throw new NotSupportedException($"{client?.GetType().Name ?? "null"} plans no routes. Use the ILlmClient that AddIntegrationLayer registers, or inject IRoutePlanner.");

    /// <summary>Presents the client as an <see cref="IChatClient"/>, so that anything written for one can use it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="configure">Adds requirements, context and so on to each request. The default adds nothing.</param>
    /// <returns>The chat client. Each response carries its receipt in <c>AdditionalProperties["LlmReceipt"]</c>.</returns>
    public static IChatClient AsChatClient(this ILlmClient client, Func<LlmRequest, LlmRequest>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new LlmChatClient(client, configure ?? (static request => request));
    }
}
