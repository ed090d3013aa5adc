using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Configuration;

internal sealed class PortkeyValidationTests
{
    [Test]
    public void Hosted_portkey_needs_a_key() =>
        Assert.That(Failure(o => o.Portkey.ApiKey = null), Does.Contain("Set the Portkey API key").And.Contain("Portkey:Endpoint"));

    [Test]
    public void Hosted_portkey_is_not_called_unencrypted() =>
        Assert.That(Failure(o => o.Portkey.Endpoint = new Uri("http://api.portkey.ai/v1/")), Does.Contain("unencrypted"));

    [TestCase("api.portkey.ai/v1")]
    [TestCase("ftp://gateway/v1/")]
    public void Endpoint_is_an_absolute_address(string endpoint) =>
        Assert.That(Failure(o => o.Portkey.Endpoint = new Uri(endpoint, UriKind.RelativeOrAbsolute)), Does.Contain($"'{endpoint}'"));

    [Test]
    public void Endpoint_is_the_gateways_address_not_an_operations() =>
        Assert.That(Failure(o => o.Portkey.Endpoint = new Uri("http://gateway/v1/chat/completions/")), Does.Contain("leave out chat/completions"));

    [TestCase("http://gateway/", 1)]
    [TestCase("http://gateway/ai/v1/", 0)]
    public void Endpoint_without_a_version_is_warned_of(string endpoint, int warnings)
    {
        var log = new Microsoft.Extensions.Logging.Testing.FakeLogger<PortkeyOptionsValidator>();
        var options = new IntegrationLayerOptions { Portkey = { Endpoint = new Uri(endpoint) } };

        Assert.That(new PortkeyOptionsValidator(log).Validate(null, options).Failed, Is.False);
        Assert.That(log.Collector.GetSnapshot().Count(r => r.Message.Contains("without a version", StringComparison.Ordinal)), Is.EqualTo(warnings));
    }

    [Test]
    public void Several_endpoints_are_taken_with_the_defaults_of_portkey() => Assert.That(
        Failure(o =>
        {
            o.Portkey.Endpoints.Add(At("https://api.portkey.ai/v1/"));
            o.Portkey.Endpoints.Add(At("https://own.example.com/v1/"));
        }),
        Is.Null);

    [Test]
    public void Mistakes_in_several_endpoints_are_said_together_each_with_its_place() => Assert.That(
        Failure(o =>
        {
            o.Portkey.Endpoint = new Uri("http://one/v1/");
            o.Portkey.ApiKey = null;
            o.Accounts["openai"].VirtualKey = "vk";
            o.Portkey.Endpoints.Add(new PortkeyEndpointOptions());
            o.Portkey.Endpoints.Add(At("https://api.portkey.ai/v1/"));
            o.Portkey.Endpoints.Add(At("ftp://two/v1/"));
            o.Portkey.Endpoints.Add(At("http://two/v1/", "API.PORTKEY.AI"));
        }),
        Does.Contain("Portkey:Endpoint is 'http://one/v1/', and there are IntegrationLayer:Portkey:Endpoints. Set one or the other")
            .And.Contain("Portkey:Endpoints:0:Address is missing")
            .And.Contain("Set the Portkey API key")
            .And.Contain("Portkey:Endpoints:2:Address is 'ftp://two/v1/'")
            .And.Contain("Portkey:Endpoints:3 has the name 'API.PORTKEY.AI' of another endpoint")
            .And.Contain("uses a virtual key, which only hosted Portkey knows"));

    [Test]
    public void Endpoints_are_64_at_most() => Assert.That(
        Failure(o =>
        {
            for (int i = 0; i < 65; i++)
            {
                o.Portkey.Endpoints.Add(At($"http://gateway-{i}/v1/"));
            }
        }),
        Does.Contain("has 65 entries. Set at most 64"));

    [Test]
    public void Limits_and_health_of_gateways_are_checked() => Assert.That(
        Failure(o =>
        {
            o.Resilience.Gateways.MaxConcurrentCalls = 0;
            o.Resilience.Gateways.MaxQueuedCalls = -1;
            o.Resilience.Gateways.Health.Pause = TimeSpan.Zero;
        }),
        Does.Contain("Resilience:Gateways:MaxConcurrentCalls is 0; set it from 1 to 1000000")
            .And.Contain("Resilience:Gateways:MaxQueuedCalls is -1; set it from 0 to 1000000")
            .And.Contain("Resilience:Gateways:Health:Pause is 00:00:00"));

    [Test]
    public void Gateways_that_are_null_are_said_to_be() => Assert.Multiple(() =>
    {
        Assert.That(Failure(o => o.Resilience.Gateways = null!), Does.Contain("Resilience:Gateways is null"));
        Assert.That(Failure(o => o.Resilience.Gateways.Health = null!), Does.Contain("Resilience:Gateways:Health is null"));
    });

    [Test]
    public void Portkeys_key_goes_to_hosted_endpoints_and_to_others_only_their_own()
    {
        var options = new PortkeyOptions { ApiKey = "pk-common" };

        Assert.That(options.For(At("https://api.portkey.ai/v1/")).ApiKey, Is.EqualTo("pk-common"));
        Assert.That(options.For(At("http://own/v1/")).ApiKey, Is.Null);
        Assert.That(options.For(new PortkeyEndpointOptions { Address = new Uri("http://own/v1/"), Hosted = true }).ApiKey, Is.EqualTo("pk-common"));
        Assert.That(options.For(new PortkeyEndpointOptions { Address = new Uri("http://own/v1/"), ApiKey = "pk-own" }).ApiKey, Is.EqualTo("pk-own"));
    }

    [Test]
    public void Missing_endpoint_or_portkey_is_said_once() => Assert.Multiple(() =>
    {
        Assert.That(Failure(o => o.Portkey.Endpoint = null!), Does.Contain("IntegrationLayer:Portkey:Endpoint is null"));
        Assert.That(Failure(o => o.Portkey = null!), Does.Contain("IntegrationLayer:Portkey is null"));
    });

    [Test]
    public void Account_needs_a_credential() =>
        Assert.That(Failure(o => o.Accounts["openai"].ApiKey = null), Does.Contain("Account 'openai' has no credential"));

    [Test]
    public void Own_gateway_needs_no_key_of_portkey_and_takes_private_hosts_with_a_warning() =>
        Assert.That(Failure(o =>
        {
            o.Portkey.Endpoint = new Uri("http://gateway.local:8787/v1/");
            o.Portkey.ApiKey = null;
            o.Accounts["openai"].CustomHost = new Uri("http://10.0.0.5/v1");
        }), Is.Null);

    [Test]
    public void Stand_in_for_portkey_needs_none_of_it()
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(o => o.Accounts["openai"] = new AccountOptions { Provider = "openai", Models = { "gpt-4o" } })
            .UseGateway(_ => new Pipeline.ScriptedChatClient());
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ILlmClient>(), Is.Not.Null);
    }

    private static PortkeyEndpointOptions At(string address, string? name = null) => new() { Address = new Uri(address), Name = name };

    private static string? Failure(Action<IntegrationLayerOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(o =>
        {
            o.Portkey.ApiKey = "pk";
            o.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk", Models = { "gpt-4o" } };
            configure(o);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<ILlmClient>();
            return null;
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }
}
