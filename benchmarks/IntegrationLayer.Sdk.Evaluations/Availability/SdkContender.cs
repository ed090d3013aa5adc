using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>The SDK with its defaults; only the sockets and the clock are simulated.</summary>
internal sealed class SdkContender : IContender
{
    private static readonly Dictionary<string, string> Models = new()
    {
        ["openai"] = "gpt-4o-mini", ["anthropic"] = "claude-haiku-4-5", ["mistral-ai"] = "mistral-large-latest",
    };

    private readonly ServiceProvider _services;
    private readonly ILlmClient _client;

    public SdkContender(VirtualTime time, SimulatedNetwork network, IEnumerable<string> gateways, IEnumerable<string> providers)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddIntegrationLayer(options =>
        {
            foreach (string gateway in gateways)
            {
                options.Portkey.Endpoints.Add(new PortkeyEndpointOptions { Address = new Uri($"http://{gateway}/v1/") });
            }

            foreach (string provider in providers)
            {
                options.Accounts[provider] = new AccountOptions { Provider = provider, ApiKey = "sk-simulated", Models = { Models[provider] } };
            }
        });
        services.AddHttpClient(PortkeyDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => network);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
    }

    public async Task<bool> AskAsync()
    {
        try
        {
            LlmResponse response = await _client.GetResponseAsync(new LlmRequest("Where is my parcel?")).ConfigureAwait(false);
            return SimulatedAnswer.IsWhole(response.Text);
        }
        catch (IntegrationLayerException)
        {
            return false;
        }
    }

    public void Dispose() => _services.Dispose();
}
