using IntegrationLayer.Sdk.Budgets;
using System.Reflection;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Configuration;

internal sealed class ConfigurationKeyTests
{
    [TestCase("RoutingPolcy", "Did you mean RoutingPolicy?")]
    [TestCase("Accounts:openai:Region", "Did you mean Regions?")]
    [TestCase("Portkey:BaseUrl", "Known: AllowTls12, ApiKey, ConnectTimeout, Endpoint")]
    [TestCase("Deployments:0:Quallity", "Did you mean Quality?")]
    public void Unknown_key_stops_the_start_with_its_path_and_a_near_name_but_not_its_value(string key, string cure)
    {
        string? message = Failure(new() { [key] = "secret-value" });

        Assert.That(message, Does.Contain($"IntegrationLayer:{key} is no setting of the SDK. {cure}").And.Not.Contain("secret-value"));
    }

    [TestCase("MaxAttempts", "three", "IntegrationLayer:MaxAttempts is 'three'; set it to a whole number.")]
    [TestCase("UnknownPrices", "Denny", "IntegrationLayer:UnknownPrices is 'Denny'; set it to Deny, UseUpperBound, AllowAndFlag.")]
    [TestCase("UnknownPrices", "9", "IntegrationLayer:UnknownPrices is '9'")]
    [TestCase("Timeout", "30", "IntegrationLayer:Timeout is '30', which means 30 days; for 30 seconds write 00:00:30.")]
    [TestCase("Timeout", "soon", "IntegrationLayer:Timeout is 'soon'; write hours:minutes:seconds, such as 00:00:30")]
    [TestCase("Portkey:Hosted", "maybe", "IntegrationLayer:Portkey:Hosted is 'maybe'; set it to true or false.")]
    [TestCase("Portkey:Endpoint", "http://:x", "IntegrationLayer:Portkey:Endpoint is no address")]
    [TestCase("Deployments:0:InputPrice", "cheap", "IntegrationLayer:Deployments:0:InputPrice is 'cheap'; set it to a number such as 0.15.")]
    [TestCase("Deployments:0:Quality", "good", "IntegrationLayer:Deployments:0:Quality is 'good'; set it to a number such as 0.5.")]
    [TestCase("Accounts:other:Models", "*", "IntegrationLayer:Accounts:other:Models must be a list: [ \"*\" ].")]
    [TestCase("Deployments", "x", "IntegrationLayer:Deployments must be a list of settings")]
    [TestCase("Portkey", "x", "IntegrationLayer:Portkey is a single value; it must hold settings")]
    [TestCase("RoutingPolicy:0", "x", "IntegrationLayer:RoutingPolicy holds several values; give it one.")]
    public void Unreadable_value_stops_the_start_with_path_value_and_cure(string key, string value, string expected) =>
        Assert.That(Failure(new() { [key] = value }, isPortkeySet: false), Does.Contain(expected));

    [Test]
    public void Unreadable_values_and_unknown_keys_are_reported_at_once() =>
        Assert.That(
            Failure(new() { ["MaxAttempts"] = "three", ["Timeout"] = "soon", ["RoutingPolcy"] = "x" }),
            Does.Contain("three").And.Contain("soon").And.Contain("RoutingPolcy"));

    [Test]
    public void Names_lists_and_sections_of_other_packages_are_free() =>
        Assert.That(
            Failure(
                new Dictionary<string, string?>
                {
                    ["Accounts:openai:Headers:x-portkey-anything"] = "1",
                    ["Aliases:fast:0"] = "gpt-4o",
                    ["Deployments:first:Account"] = "openai",
                    ["Deployments:first:Model"] = "gpt-4o",
                    ["Deployments:first:Capabilities"] = "Tools, Vision",
                    ["UnknownPrices"] = "allowandflag",
                    ["Analytics:Anything"] = "1",
                },
                s => s.AddSingleton(new KnownConfigurationSection("Analytics"))),
            Is.Null);

    [Test]
    public void Whole_configuration_without_the_section_may_hold_keys_of_others()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["Accounts:openai:Provider"] = "openai",
            ["Accounts:openai:Models:0"] = "gpt-4o",
        }).Build();

        Assert.That(Failure(configuration, _ => { }), Is.Null);
    }

    [TestCase(typeof(IntegrationLayerOptions), nameof(KnownSettings.Root))]
    [TestCase(typeof(PortkeyOptions), nameof(KnownSettings.Portkey))]
    [TestCase(typeof(AccountOptions), nameof(KnownSettings.Account))]
    [TestCase(typeof(DeploymentOptions), nameof(KnownSettings.Deployment))]
    [TestCase(typeof(LoadBalancingOptions), nameof(KnownSettings.LoadBalancing))]
    [TestCase(typeof(ResilienceOptions), nameof(KnownSettings.Resilience))]
    [TestCase(typeof(HealthOptions), nameof(KnownSettings.Health))]
    [TestCase(typeof(BudgetOptions), nameof(KnownSettings.Budgets))]
    [TestCase(typeof(BudgetLimitOptions), nameof(KnownSettings.BudgetLimit))]
    public void Table_of_known_keys_is_what_the_options_have(Type options, string table)
    {
        var shape = (SettingShape)typeof(KnownSettings).GetProperty(table)!.GetValue(null)!;

        Assert.That(
            shape.Settings!.Keys,
            Is.EquivalentTo(options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name)));
    }

    private static string? Failure(Dictionary<string, string?> settings, Action<IServiceCollection>? register = null, bool isPortkeySet = true)
    {
        Dictionary<string, string?> all = new()
        {
            ["Accounts:openai:Provider"] = "openai",
            ["Accounts:openai:ApiKey"] = "sk",
            ["Accounts:openai:Models:0"] = "gpt-4o",
        };
        if (isPortkeySet)
        {
            all["Portkey:ApiKey"] = "pk";
        }

        foreach ((string key, string? value) in settings)
        {
            all[key] = value;
        }

        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(all.Select(s => KeyValuePair.Create($"IntegrationLayer:{s.Key}", s.Value))).Build();
        return Failure(configuration, register ?? (_ => { }));
    }

    private static string? Failure(IConfiguration configuration, Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        register(services);
        services.AddIntegrationLayer(configuration).UseGateway(_ => new ScriptedChatClient());
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
