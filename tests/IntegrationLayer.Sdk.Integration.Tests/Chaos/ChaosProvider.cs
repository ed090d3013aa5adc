using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>A provider behind a gateway, on a real socket, that fails at random and keeps the books.</summary>
internal sealed class ChaosProvider : IAsyncDisposable
{
    private const int Pieces = 6;
    private static readonly Fault[] Faults = Enum.GetValues<Fault>()[1..];
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ProviderCall> _calls = new();
    private readonly int _seed;
    private readonly double _faultRate;
    private int _lastCall;

    private ChaosProvider(int seed, double faultRate)
    {
        _seed = seed;
        _faultRate = faultRate;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(new Uri(_app.Urls.First()), "v1/");

    /// <summary>Gets the provider's own log.</summary>
    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    public static async Task<ChaosProvider> StartAsync(int seed, double faultRate)
    {
        var provider = new ChaosProvider(seed, faultRate);
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource atOnce = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        string question = request.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!;
        bool isStream = request.RootElement.TryGetProperty("stream", out JsonElement stream) && stream.GetBoolean();
        int id = Interlocked.Increment(ref _lastCall);
        Fault fault = FaultOf(id);
        bool isWhole = fault is Fault.None;
        var call = new ProviderCall(
            id, question, context.Request.Headers["x-portkey-provider"].ToString(), fault, InputTokens: question.Length, OutputTokens: isWhole ? Pieces * 5 : 0);
        _calls.Enqueue(call);
        try
        {
            await (fault switch
            {
                Fault.ServerError => FailAsync(context, 500, """{"error":{"message":"The server had an error","type":"server_error","code":null}}"""),
                Fault.Unavailable => FailAsync(context, 503, """{"error":{"message":"Overloaded","type":"server_error","code":null}}"""),
                Fault.RateLimited => FailAsync(context, 429, """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}"""),
                Fault.Reset => Abort(context),
                Fault.Garbage => SendAsync(context, "text/html", "<html><body>maintenance</body></html>"),
                _ => isStream ? StreamAsync(context, call) : WholeAsync(context, call),
            });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    // The same calls fail in every run of a seed; which questions they belong to depends on who comes first.
    private Fault FaultOf(int call)
    {
        double drawn = new Random((_seed * 1_000_003) + call).NextDouble();
        return drawn < _faultRate ? Faults[(int)(drawn / _faultRate * Faults.Length)] : Fault.None;
    }

    private static async Task FailAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = status == 429 ? "0" : default;
        await SendAsync(context, "application/json", body);
    }

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task SendAsync(HttpContext context, string type, string body)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task WholeAsync(HttpContext context, ProviderCall call)
    {
        string text = string.Concat(Enumerable.Range(0, Pieces).Select(i => Passage.Piece(call.Question, call.Id, i, Pieces)));
        string body = call.Fault is Fault.ErrorInside
            ? """{"error":{"message":"The server had an error","type":"server_error","code":null}}"""
            : $$$"""{"id":"c{{{call.Id}}}","object":"chat.completion","created":1767600000,"model":"chaos","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{{{Usage(call)}}}}""";
        context.Response.ContentType = "application/json";
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        if (call.Fault is not (Fault.CutShort or Fault.ResetInside))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (call.Fault is Fault.ResetInside)
        {
            context.Abort();
        }
    }

    private static async Task StreamAsync(HttpContext context, ProviderCall call)
    {
        context.Response.ContentType = "text/event-stream";
        if (call.Fault is Fault.ErrorInside)
        {
            await context.Response.WriteAsync("data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"code\":null}}\n\n", context.RequestAborted);
            return;
        }

        for (int i = 0; i < Pieces; i++)
        {
            if (i == Pieces / 2 && call.Fault is (Fault.ResetInside or Fault.CutShort))
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                if (call.Fault is Fault.ResetInside)
                {
                    context.Abort();
                }

                return;
            }

            string finish = i + 1 == Pieces ? "\"stop\"" : "null";
            await context.Response.WriteAsync(
                $$$"""data: {"id":"c{{{call.Id}}}","object":"chat.completion.chunk","created":1767600000,"model":"chaos","choices":[{"index":0,"delta":{"content":"{{{Passage.Piece(call.Question, call.Id, i, Pieces)}}}"},"finish_reason":{{{finish}}}}]}""" + "\n\n",
                context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync(
            $$$"""data: {"id":"c{{{call.Id}}}","object":"chat.completion.chunk","created":1767600000,"model":"chaos","choices":[],"usage":{{{Usage(call)}}}}""" + "\n\ndata: [DONE]\n\n",
            context.RequestAborted);
    }

    private static string Usage(ProviderCall call) =>
        $$"""{"prompt_tokens":{{call.InputTokens}},"completion_tokens":{{call.OutputTokens}},"total_tokens":{{call.InputTokens + call.OutputTokens}}}""";
}
