using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;

namespace IntegrationLayer.Samples;

/// <summary>
/// Where a sample's calls go: hosted Portkey if PORTKEY_API_KEY is set, your own gateway if PORTKEY_GATEWAY_URL is,
/// and else a scripted gateway on a loopback port, so that every sample runs with neither key nor network.
/// </summary>
internal sealed class SampleGateway : IAsyncDisposable
{
    private readonly FakePortkeyServer? _server;
    private readonly Action<IntegrationLayerOptions> _configure;

    private SampleGateway(string name, Action<IntegrationLayerOptions> configure, FakePortkeyServer? server = null)
    {
        Name = name;
        _configure = configure;
        _server = server;
    }

    /// <summary>What answers, for the sample's first line.</summary>
    public string Name { get; }

    /// <summary>Finds the gateway, or plays the script.</summary>
    public static async Task<SampleGateway> StartAsync(FakePortkey script)
    {
        if (Environment.GetEnvironmentVariable("PORTKEY_API_KEY") is { Length: > 0 } key)
        {
            return new SampleGateway("hosted Portkey", options =>
            {
                options.Portkey.ApiKey = key;
                SampleAccounts.AddHosted(options.Accounts);
            });
        }

        if (Environment.GetEnvironmentVariable("PORTKEY_GATEWAY_URL") is { Length: > 0 } url)
        {
            return new SampleGateway($"the gateway at {url}", options =>
            {
                options.Portkey.Endpoint = new Uri(url);
                SampleAccounts.AddWithKeys(options.Accounts);
            });
        }

        FakePortkeyServer server = await script.StartServerAsync();
        return new SampleGateway(
            "a scripted gateway in this process (set PORTKEY_API_KEY or PORTKEY_GATEWAY_URL for a real one)",
            options =>
            {
                options.Portkey.Endpoint = server.BaseAddress;
                SampleAccounts.AddScripted(options.Accounts);
            },
            server);
    }

    /// <summary>Points the SDK at the gateway: <c>services.AddIntegrationLayer(gateway.Configure)</c>.</summary>
    public void Configure(IntegrationLayerOptions options) => _configure(options);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
