using System.IO.Pipelines;
using IntegrationLayer.Sdk.Testing.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IntegrationLayer.Sdk.Testing.Fronts;

/// <summary>One request to the server, from reading it to the end of its answer.</summary>
internal sealed class ServerExchange(HttpContext context, WireResponse answer) : IWireSink
{
    /// <inheritdoc/>
    public PipeWriter Body => context.Response.BodyWriter;

    /// <inheritdoc/>
    public IWireConnection Connection { get; } = new ServerConnection(context);

    /// <summary>Answers one request.</summary>
    /// <param name="fake">The script.</param>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Cancelled when the server is disposed.</param>
    public static async Task AnswerAsync(FakePortkey fake, HttpContext context, CancellationToken stopping)
    {
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        WireSchedule schedule = new(fake.Options.TimeProvider);
        FakePortkeyRequest request = await ReadAsync(context.Request, gone.Token).ConfigureAwait(false);
        try
        {
            WireResponse answer = Accept(fake, request);
            await WirePlayer.PlayAsync(answer, new ServerExchange(context, answer), schedule, gone.Token).ConfigureAwait(false);
            request.End(FakePortkeyOutcome.Completed);
        }
        catch (Exception exception)
        {
            switch (exception)
            {
                case WireResetException:
                    request.End(FakePortkeyOutcome.Reset);
                    break;
                case OperationCanceledException:
                    request.End(FakePortkeyOutcome.Cancelled);
                    break;
                default:
                    fake.Report(request, exception);
                    break;
            }

            if (context.Response.HasStarted && !gone.IsCancellationRequested)
            {
                // Kestrel then sends what was written and closes the connection without ending the body. A reset could overtake the bytes.
                throw;
            }

            context.Abort();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.ContentLength;
        if (answer.ReasonPhrase is { } phrase)
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = phrase;
        }

        foreach (KeyValuePair<string, string> header in answer.Headers)
        {
            // Kestrel leaves a header out whose value is empty; a blank is trimmed by the reader.
            response.Headers.Append(header.Key, header.Value.Length == 0 ? " " : header.Value);
        }

        return response.StartAsync(cancellationToken);
    }

    private static WireResponse Accept(FakePortkey fake, FakePortkeyRequest request)
    {
        try
        {
            return fake.Accept(request);
        }
        catch (Exception exception)
        {
            return WireResponse.Whole(501, "application/json", ErrorJson.Failure(exception.Message));
        }
    }

    private static async Task<FakePortkeyRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            headers[name] = string.Join(", ", values.ToArray());
        }

        return new FakePortkeyRequest(request.Method, request.Path.Value + request.QueryString.Value, headers, body.ToArray());
    }
}
