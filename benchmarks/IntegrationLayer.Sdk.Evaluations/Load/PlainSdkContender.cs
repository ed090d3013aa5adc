using IntegrationLayer.Sdk.Evaluations.Overhead;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>The SDK with two deployments and every default, its limits of concurrent calls included.</summary>
internal sealed class PlainSdkContender : Contender
{
    private readonly ServiceProvider _services;
    private readonly ILlmClient _client;

    public PlainSdkContender(Uri endpoint)
        : base("sdk")
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = endpoint;
            options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = ApiKey, Models = { "gpt-4o-mini", "gpt-4o" } };
        });
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
    }

    public int InFlight => _services.GetRequiredService<IProviderStatus>().GetStatus().Sum(static s => s.InFlight ?? 0);

    public override async Task<int> AskAsync(string question) =>
        (await _client.GetResponseAsync(new LlmRequest(question) { Options = new ChatOptions { MaxOutputTokens = MaxOutputTokens } })).Text.Length;

    public override Task<(int Length, long FirstAt)> StreamAsync(string question) => throw new NotSupportedException("Load is of whole answers.");

    public override void Dispose() => _services.Dispose();
}
