using System.Net;
using System.Net.Http.Headers;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing.Fronts;

/// <summary>The gateway as a message handler: no socket, but answers arrive piece by piece as over one.</summary>
internal sealed class FakePortkeyHandler(FakePortkey fake) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WireSchedule schedule = new(fake.Options.TimeProvider);
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (body.Length > fake.Options.MaxRequestBytes)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge) { RequestMessage = request };
        }

        FakePortkeyRequest received = new(request.Method.Method, request.RequestUri!.PathAndQuery, Headers(request), body);
        WireResponse answer = fake.Accept(received);
        HandlerExchange exchange = new(fake, answer, received, new CancellationTokenSource());
        try
        {
            await exchange.StartAsync(schedule, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException("The request was cancelled.", innerException: null, cancellationToken);
        }

        return Message(request, answer, exchange);
    }

    private static Dictionary<string, string> Headers(HttpRequestMessage request)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, HeaderStringValues> header in request.Headers.NonValidated)
        {
            headers[header.Key] = string.Join(", ", header.Value);
        }

        if (request.Content is not null)
        {
            foreach (KeyValuePair<string, HeaderStringValues> header in request.Content.Headers.NonValidated)
            {
                headers[header.Key] = string.Join(", ", header.Value);
            }
        }

        return headers;
    }

    private static HttpResponseMessage Message(HttpRequestMessage request, WireResponse answer, HandlerExchange exchange)
    {
        HttpResponseMessage response = new((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new StreamContent(exchange.Body),
        };
        if (answer.ReasonPhrase is { } phrase)
        {
            response.ReasonPhrase = phrase;
        }

        foreach (KeyValuePair<string, string> header in answer.Headers)
        {
            response.Headers.Add(header.Key, header.Value);
        }

        response.Content.Headers.ContentType = answer.ContentType is { } type ? MediaTypeHeaderValue.Parse(type) : null;
        response.Content.Headers.ContentLength = answer.ContentLength;
        return response;
    }
}
