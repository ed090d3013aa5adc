using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>The provider: a process of its own, so that its work isn't counted. Ends when its standard input does.</summary>
internal static class ProviderCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.Out.WriteLine(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        bool isStream = await IsStreamAsync(context.Request.BodyReader);
        byte[] answer = isStream ? ProviderAnswers.Stream : ProviderAnswers.Whole;
        context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
        context.Response.ContentLength = isStream ? null : answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }

    private static async Task<bool> IsStreamAsync(PipeReader body)
    {
        ReadResult read;
        while (!(read = await body.ReadAsync()).IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        bool isStream = new SequenceReader<byte>(read.Buffer).TryReadTo(out ReadOnlySequence<byte> _, "\"stream\":true"u8);
        body.AdvanceTo(read.Buffer.End);
        return isStream;
    }
}
