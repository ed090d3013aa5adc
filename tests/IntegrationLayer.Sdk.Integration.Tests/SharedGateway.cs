using IntegrationLayer.Sdk.TestSupport.Gateway;

namespace IntegrationLayer.Sdk.Integration.Tests;

/// <summary>
/// One real gateway for the whole run. It lives in the root namespace, as NUnit runs a set-up fixture for its namespace and
/// those below. A test that stops or reconfigures a gateway starts its own.
/// </summary>
[SetUpFixture]
public sealed class SharedGateway
{
    private static PortkeyGateway? _gateway;

    /// <summary>The shared gateway.</summary>
    public static PortkeyGateway Gateway => _gateway ?? throw new InvalidOperationException("The shared gateway is not running.");

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await PortkeyGateway.StartNewAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }
}
