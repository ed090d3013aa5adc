using IntegrationLayer.Sdk.Evaluations.Overhead;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>The provider under load, in a process of its own: it answers nobody until as many requests wait as are to be in flight at once. Ends when its standard input does.</summary>
internal static class LoadProviderCommand
{
    private const int Backlog = 4_096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Lock Gate = new();
    private static TaskCompletionSource _release = NewRelease();
    private static int _together = 1;
    private static int _waiting;
    private static int _most;

    public static async Task<int> RunAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseSockets(sockets => sockets.Backlog = Backlog);
        await using WebApplication app = builder.Build();
        app.MapPost("/together/{count:int}", (int count) =>
        {
            lock (Gate)
            {
                (_together, _most) = (count, 0);
            }
        });
        app.MapGet("/most", () => Volatile.Read(ref _most));
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await app.StartAsync();
        Console.Out.WriteLine(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync(new CancellationToken(canceled: true));
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);

        // Where some have failed, the rest is not held for ever.
        await Task.WhenAny(Join(), Task.Delay(Patience, context.RequestAborted));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = ProviderAnswers.Whole.Length;
        await context.Response.BodyWriter.WriteAsync(ProviderAnswers.Whole);
    }

    // The last of those that are to be in flight together lets all of them go.
    private static Task Join()
    {
        lock (Gate)
        {
            Task mine = _release.Task;
            _most = Math.Max(_most, ++_waiting);
            if (_waiting >= _together)
            {
                TaskCompletionSource release = _release;
                (_release, _waiting) = (NewRelease(), 0);
                release.SetResult();
            }

            return mine;
        }
    }

    private static TaskCompletionSource NewRelease() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
