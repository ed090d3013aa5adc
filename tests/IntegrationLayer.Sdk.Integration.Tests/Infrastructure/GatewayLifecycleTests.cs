using System.Net;
using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class GatewayLifecycleTests : GatewayTest
{
    [Test]
    public async Task Stopped_gateway_refuses_and_comes_back_on_its_port()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        int port = gateway.Port;

        await gateway.StopAsync();
        Assert.That(() => SendToAsync(gateway), Throws.InstanceOf<HttpRequestException>());
        Assert.That(gateway.IsRunning, Is.False);

        await gateway.StartAsync();
        using HttpResponseMessage response = await SendToAsync(gateway);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.Port, Is.EqualTo(port));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Call_in_flight_breaks_off_when_the_gateway_is_killed()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        Provider.Script(Main, ProviderBehavior.Says("never") with { HoldHeaders = new TaskCompletionSource().Task });

        Task<HttpResponseMessage> call = SendToAsync(gateway);
        RecordedRequest seen = (await Provider.WaitForRequestsAsync(1, Main)).Single();
        await gateway.StopAsync();

        Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>());
        Assert.That(await seen.ClosedEarly, Is.True);
    }

    [Test]
    public async Task Start_of_a_running_gateway_is_refused()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();

        Assert.That(gateway.StartAsync, Throws.InvalidOperationException.With.Message.Contains("stop it first"));
    }

    [Test]
    public void Environment_reaches_the_gateway()
    {
        Dictionary<string, string> environment = new() { ["TRUSTED_CUSTOM_HOSTS"] = "llm.example" };
        Assert.That(
            () => PortkeyGateway.StartNewAsync(environment),
            Throws.InvalidOperationException.With.Message.Contains("Invalid custom host"));
    }

    [Test]
    public void Missing_package_fails_with_the_cure()
    {
        Assert.That(
            () => PortkeyGateway.StartNewAsync(gatewayFolder: Path.GetTempPath()),
            Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("npm ci"));
    }

    private async Task<HttpResponseMessage> SendToAsync(PortkeyGateway gateway)
    {
        using HttpRequestMessage request = Post(gateway.BaseAddress, Chat(), Provider.HostFor(Main));
        return await Client.SendAsync(request);
    }
}
