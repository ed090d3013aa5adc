using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>The provider: answers after some milliseconds with as many tokens as it likes, at most the cap, and keeps the bill.</summary>
internal sealed class RaceProvider : IAsyncDisposable
{
    private const int InputTokens = 10;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, long> _bill = new();

    private RaceProvider(WebApplication app) => _app = app;

    /// <summary>Gets what each call is billed, in nano-US-dollars.</summary>
    public IReadOnlyDictionary<string, long> Bill => _bill;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<RaceProvider> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        RaceProvider provider = new(builder.Build());
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // A call whose sender dies meanwhile is billed nevertheless.
    private async Task AnswerAsync(HttpContext context)
    {
        string id = context.Request.Query["id"]!;
        int cap = int.Parse(context.Request.Query["cap"]!, CultureInfo.InvariantCulture);
        int output = Random.Shared.Next(1, cap + 1);
        _bill.AddOrUpdate(id, static (_, nanos) => nanos, static (_, known, nanos) => known + nanos, RaceBudget.Bill(InputTokens, output));
        await Task.Delay(Random.Shared.Next(2, 20));
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{InputTokens} {output}"));
    }
}
