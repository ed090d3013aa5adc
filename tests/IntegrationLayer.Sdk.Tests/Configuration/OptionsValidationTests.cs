using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Configuration;

internal sealed class OptionsValidationTests
{
    private static readonly Dictionary<string, string?> Valid = new()
    {
        ["IntegrationLayer:Portkey:ApiKey"] = "pk",
        ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
        ["IntegrationLayer:Accounts:openai:ApiKey"] = "sk",
        ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o-mini",
    };

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case("policy", "RoutingPolicy", "Cheepest", "no routing policy 'Cheepest'", "LowestCost", "AddRoutingPolicy");
        yield return Case("attempts", "MaxAttempts", "99", "IntegrationLayer:MaxAttempts is 99; set it from 1 to 10.");
        yield return Case("timeout", "Timeout", "00:00:00", "IntegrationLayer:Timeout is 00:00:00");
        yield return Case("connect", "Portkey:ConnectTimeout", "01:00:00", "Portkey:ConnectTimeout is 01:00:00");
        yield return Case("body", "Portkey:MaxResponseBytes", "3", "IntegrationLayer:Portkey:MaxResponseBytes is 3; set it from 1024 to");
        yield return Case("provider", "Accounts:x:ApiKey", "k", "Accounts:x:Provider is missing", "slug");
        yield return Case("model", "Accounts:openai:Models:1", "gpt-none", "lists 'gpt-none'", "InputPrice");
        yield return Case("account", "Deployments:0:Account", "nobody", "names the account 'nobody'", "Accounts: openai");
        yield return Case("quality", "Deployments:0:Quality", "7", "IntegrationLayer:Deployments:0:Quality (of '/') is 7; set it from 0 to 1.", "Deployments:0 ('/') has no Account", "has no Model");
        yield return Case("slug", "Accounts:openai:Provider", "opnai", "IntegrationLayer:Accounts:openai:Provider is 'opnai', which is no known provider. Did you mean openai?");
        yield return Case("alias", "Aliases:fast:0", "gpt-4o-mimi", "IntegrationLayer:Aliases:fast lists 'gpt-4o-mimi', but no deployment", "nearest first: gpt-4o-mini");
        yield return Case("group", "RegionGroups:eu:0", "eu-west-1", "IntegrationLayer:RegionGroups:eu lists 'eu-west-1', a region that no account or deployment has");
        yield return Case("empty policy", "RoutingPolicy", " ", "IntegrationLayer:RoutingPolicy is empty");
        yield return Case("count", "Resilience:Health:MinimumCalls", "0", "IntegrationLayer:Resilience:Health:MinimumCalls is 0; set it from 1 to 100000.");
        yield return Case("window", "Resilience:Health:Window", "02:00:00", "IntegrationLayer:Resilience:Health:Window is 02:00:00; set it from 00:00:01 to 01:00:00.");
        yield return Case("pause", "Resilience:Health:Pause", "00:03:00", "IntegrationLayer:Resilience:Health:MaxPause is 00:02:00; set it from 00:03:00 to");
        yield return Case("credential", "Resilience:Health:CredentialRest", "00:00:00", "IntegrationLayer:Resilience:Health:CredentialRest is 00:00:00");
        yield return Case("ratio", "Resilience:Health:DegradedRatio", "0.6", "IntegrationLayer:Resilience:Health:DegradedRatio is 0.6; set it over 0, up to OpenRatio.");
        yield return Case("not a number", "Resilience:Health:Jitter", "NaN", "IntegrationLayer:Resilience:Health:Jitter is NaN; set it from 0 to 0.5.");
        yield return Case("wait share", "Resilience:MaxWaitShare", "NaN", "IntegrationLayer:Resilience:MaxWaitShare is NaN; set it from 0 to 1.");
        yield return Case("wait", "Resilience:MaxWait", "02:00:00", "IntegrationLayer:Resilience:MaxWait is 02:00:00; set it from 00:00:00 to 01:00:00.");
        yield return Case("all unavailable", "Resilience:AllUnavailable", "Panic", "Resilience:AllUnavailable is 'Panic'; set it to WaitEarliest, LeastBad, Fail");
        yield return Case("concurrency", "Deployments:0:MaxConcurrency", "0", "IntegrationLayer:Deployments:0:MaxConcurrency (of '/') is 0; set it from 1 to 1000000.");
        yield return Case("seed", "LoadBalancing:FirstTokenSeed", "00:00:00", "IntegrationLayer:LoadBalancing:FirstTokenSeed is 00:00:00; set it from 00:00:00.0010000 to 00:10:00.");
        yield return Case("affinity", "LoadBalancing:MaxAffinityLoad", "0.9", "IntegrationLayer:LoadBalancing:MaxAffinityLoad is 0.9; set it from 1 to 100.");
        yield return Case("affinity calls", "LoadBalancing:MinAffinityCalls", "0", "IntegrationLayer:LoadBalancing:MinAffinityCalls is 0; set it from 1 to 1000000.");
        yield return Case("share", "Resilience:Health:RecoveryShares:0", "1", "IntegrationLayer:Resilience:Health:RecoveryShares:0 is 1; set it over 0 and under 1");
        yield return Case("reference", "ReferenceModel", "openai/gpt-4o-mimi", "IntegrationLayer:ReferenceModel is 'openai/gpt-4o-mimi'", ", openai/gpt-4o-mini,");
        yield return Case("search price", "Deployments:0:SearchPrice", "-1", "SearchPrice (of '/') is -1; set it from 0 to 1000000.");
        yield return Case("catalogue", "CatalogueFile", "/no/such/file", "'/no/such/file'", "il-catalogue");
    }

    private static TestCaseData Case(string name, string key, string value, params string[] expected) => new(key, value, expected) { TestName = $"Mistake_stops_the_start_with_value_and_cure({name})" };

    [TestCaseSource(nameof(Mistakes))]
    public async Task Mistake_stops_the_start_with_value_and_cure(string key, string value, string[] expected)
    {
        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => StartAsync(new() { [$"IntegrationLayer:{key}"] = value }));
        foreach (string part in expected)
        {
            Assert.That(e.Message, Does.Contain(part));
        }
    }

    [Test]
    public void Options_that_were_set_to_nonsense_in_code_are_a_mistake()
    {
        Assert.That(Failure(o => o.Resilience.Health = null!), Does.Contain("IntegrationLayer:Resilience:Health is null"));
        Assert.That(Failure(o => o.LoadBalancing = null!), Does.Contain("IntegrationLayer:LoadBalancing is null"));
        Assert.That(Failure(o => o.Resilience = null!), Does.Contain("IntegrationLayer:Resilience is null"));
        Assert.That(Failure(o => o.Resilience.AllUnavailable = (Sdk.Resilience.AllUnavailablePolicy)7), Does.Contain("IntegrationLayer:Resilience:AllUnavailable is 7; set it to WaitEarliest"));

        static string Failure(Action<IntegrationLayerOptions> configure)
        {
            var services = new ServiceCollection();
            services.AddIntegrationLayer(o => o.Accounts["a"] = new AccountOptions { Provider = "openai", ApiKey = "k", Models = { "gpt-4o" } });
            services.Configure(configure);
            using ServiceProvider provider = services.BuildServiceProvider();
            return Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ILlmClient>())!.Message;
        }
    }

    [TestCase("Accounts:openai:Models:1")]
    [TestCase("Accounts:openai:Regions:0")]
    [TestCase("Accounts:openai:Headers:x-a")]
    [TestCase("Aliases:x:0")]
    public void Null_in_a_configuration_is_named(string key)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Valid).AddInMemoryCollection([new($"IntegrationLayer:{key}", null)]).Build();
        using ServiceProvider provider = new ServiceCollection().AddIntegrationLayer(configuration).Services.BuildServiceProvider();

        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ILlmClient>())!;

        Assert.That(e.Message, Does.Contain($"IntegrationLayer:{key} is null"));
    }

    [Test]
    public void Nulls_added_in_code_are_all_named()
    {
        using ServiceProvider provider = new ServiceCollection().AddIntegrationLayer(options =>
        {
            options.Accounts["none"] = null!;
            options.Deployments.Add(null!);
            options.Aliases["none"] = null!;
            options.RegionGroups["eu"] = ["a", null!];
            options.Portkey.Endpoints.Add(null!);
        }).Services.BuildServiceProvider();

        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ILlmClient>())!;

        Assert.That(e.Failures.Select(f => f.Split(' ')[0]), Is.EquivalentTo(new[]
        {
            "IntegrationLayer:Accounts:none", "IntegrationLayer:Deployments:0", "IntegrationLayer:Aliases:none", "IntegrationLayer:RegionGroups:eu:1",
            "IntegrationLayer:Portkey:Endpoints:0",
        }));
    }

    [Test]
    public async Task Valid_configuration_starts()
    {
        using IHost host = await StartAsync([]);
        Assert.That(host.Services.GetRequiredService<ILlmClient>(), Is.Not.Null);
        await host.StopAsync();
    }

    [Test]
    public async Task All_mistakes_are_reported_at_once()
    {
        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => StartAsync(new()
        {
            ["IntegrationLayer:RoutingPolicy"] = "Cheepest",
            ["IntegrationLayer:MaxAttempts"] = "0",
            ["IntegrationLayer:Deployments:0:Account"] = "nobody",
            ["IntegrationLayer:Deployments:0:Model"] = "m",
            ["IntegrationLayer:Aliases:empty"] = "",
        }));
        Assert.That(e.Failures.Count(), Is.GreaterThanOrEqualTo(3));
        Assert.That(e.Message, Does.Contain("Cheepest").And.Contain("MaxAttempts").And.Contain("nobody"));
    }

    [Test]
    public async Task Nothing_configured_says_how_to_begin()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddIntegrationLayer();
        using IHost host = builder.Build();
        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.That(e.Message, Does.Contain("There is no account. Add one: options.Accounts[\"openai\"]"));
    }

    [Test]
    public async Task Two_deployments_of_one_name_are_a_mistake()
    {
        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => StartAsync(new()
        {
            ["IntegrationLayer:Deployments:0:Account"] = "openai",
            ["IntegrationLayer:Deployments:0:Model"] = "gpt-4o",
            ["IntegrationLayer:Deployments:1:Account"] = "openai",
            ["IntegrationLayer:Deployments:1:Model"] = "gpt-4o",
        }));
        Assert.That(e.Message, Does.Contain("2 deployments are named 'openai/gpt-4o'"));
    }

    [Test]
    public async Task Region_that_contradicts_the_model_id_is_a_mistake()
    {
        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => StartAsync(new()
        {
            ["IntegrationLayer:Deployments:0:Account"] = "openai",
            ["IntegrationLayer:Deployments:0:Model"] = "us.anthropic.claude",
            ["IntegrationLayer:Deployments:0:InputPrice"] = "1",
            ["IntegrationLayer:Deployments:0:OutputPrice"] = "1",
            ["IntegrationLayer:Deployments:0:Regions:0"] = "eu-west-1",
        }));
        Assert.That(e.Message, Does.Contain("processes in eu-west-1, but its model id 'us.anthropic.claude' says us"));
    }

    [Test]
    public async Task Too_many_regions_are_a_mistake()
    {
        var settings = new Dictionary<string, string?>();
        for (int i = 0; i <= DeploymentSet.MaxRegions; i++)
        {
            settings[$"IntegrationLayer:Accounts:openai:Regions:{i}"] = $"region-{i}";
        }

        OptionsValidationException e = await Expect.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));
        Assert.That(e.Message, Does.Contain("65 different regions"));
    }

    [Test]
    public void Section_itself_may_be_passed_instead_of_the_whole_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(Valid).Build();
        var services = new ServiceCollection();
        services.AddIntegrationLayer(configuration.GetSection("IntegrationLayer"));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ILlmClient>(), Is.Not.Null);
    }

    [TestCase(double.NaN, 0.4, "BalancedRoutingOptions.Cost is NaN; set it to a finite number of zero or more")]
    [TestCase(-1, 0.4, "BalancedRoutingOptions.Cost is -1")]
    [TestCase(0, 0, "all 0; set at least one of them over zero")]
    public void Weights_that_order_nothing_stop_the_start(double cost, double quality, string expected)
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(o => o.Accounts["a"] = new AccountOptions { Provider = "openai", ApiKey = "k", Models = { "gpt-4o" } })
            .ConfigureBalancedRouting(o => (o.Cost, o.Quality, o.Latency) = (cost, quality, 0));
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException? e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ILlmClient>());
        Assert.That(e!.Message, Does.Contain(expected));
    }

    [Test]
    public void Two_policies_of_one_name_are_a_mistake()
    {
        var services = new ServiceCollection();
        services.AddIntegrationLayer(o => o.Accounts["a"] = new AccountOptions { Provider = "openai", ApiKey = "k", Models = { "gpt-4o" } }).AddRoutingPolicy<Impostor>();
        using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException? e = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<ILlmClient>());
        Assert.That(e!.Message, Does.Contain("Two routing policies are named 'lowestcost'"));
    }

    private static async Task<IHost> StartAsync(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(Valid).AddInMemoryCollection(settings);
        builder.Services.AddIntegrationLayer(builder.Configuration);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Impostor : Sdk.Routing.IRoutingPolicy
    {
        public string Name => "lowestcost";

        public void Score(in Sdk.Routing.RouteContext context, Span<double> scores) => scores.Clear();
    }
}
