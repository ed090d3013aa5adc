using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>A wrong configuration stops the application's start, with all of its mistakes at once.</summary>
public sealed class StartupTests
{
    private static readonly (string Setting, string? Value)[] Valid =
    [
        ("Portkey:Endpoint", "http://127.0.0.1:8787/v1/"),
        ("Accounts:openai:Provider", "openai"),
        ("Accounts:openai:ApiKey", "sk-test"),
        ("Accounts:openai:Models:0", "gpt-4o-mini"),
    ];

    [Test]
    public async Task Valid_configuration_starts()
    {
        using IHost host = Build(Valid);

        await host.StartAsync();
        Routing.RouteDecision route = await host.Services.GetRequiredService<ILlmClient>().RouteAsync(new LlmRequest("hi"));
        await host.StopAsync();

        Assert.That(route.Ranked.Single().Deployment.Name, Is.EqualTo("openai/gpt-4o-mini"));
    }

    [Test]
    public async Task All_mistakes_are_reported_at_once_each_with_value_and_cure()
    {
        using IHost host = Build(
        [
            .. Valid,
            ("Timeout", "-00:00:05"),
            ("MaxAttempts", "99"),
            ("RoutingPolicy", "Cheapest"),
            ("CatalogueFile", "/no/such/catalogue"),
            ("Portkey:ConnectTimeout", "00:20:00"),
            ("Portkey:MaxResponseBytes", "7"),
            ("Accounts:mystery:ApiKey", "sk-mystery-key"),
            ("Deployments:0:Account", "nobody"),
            ("Deployments:0:Model", "m"),
            ("Deployments:1:Name", "twin"),
            ("Deployments:1:Account", "openai"),
            ("Deployments:1:Model", "gpt-4o"),
            ("Deployments:2:Name", "twin"),
            ("Deployments:2:Account", "openai"),
            ("Deployments:2:Model", "gpt-4o-mini"),
            ("Deployments:3:Account", "openai"),
            ("Deployments:4:Account", "openai"),
            ("Deployments:4:Model", "priced"),
            ("Deployments:4:InputPrice", "-3"),
        ]);

        OptionsValidationException? failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        (string Value, string Cure)[] expected =
        [
            ("-00:00:05", "set it from"),
            ("MaxAttempts", "set it from 1 to 10"),
            ("Cheapest", "LowestCost"),
            ("/no/such/catalogue", "il-catalogue refresh"),
            ("00:20:00", "set it from"),
            ("MaxResponseBytes", "set it from 1024 to"),
            ("Accounts:mystery:Provider", "Portkey's slug"),
            ("nobody", "openai"),
            ("twin", "Give each a Name of its own"),
            ("Model", "has no Model. Set it to"),
            ("InputPrice", "set it from 0 to"),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach ((string value, string cure) in expected)
            {
                Assert.That(failure!.Failures, Has.Some.Contains(value).And.Contains(cure));
            }

            Assert.That(failure!.ToString(), Does.Not.Contain("sk-mystery-key").And.Not.Contain("sk-test"));
        }
    }

    [TestCase("Accounts:openai:Models:0", "gpt-99-imaginary", "gpt-99-imaginary")]
    [TestCase("Accounts:openai:Provider", "openia", "openia")]
    [TestCase("Portkey:Endpoint", "localhost/v1", "localhost/v1")]
    [TestCase("Portkey:Endpoint", "ftp://127.0.0.1/v1/", "ftp")]
    [TestCase("Accounts:openai:CustomHost", "not-absolute", "not-absolute")]
    public async Task Single_mistake_names_its_value(string setting, string value, string expected)
    {
        using IHost host = Build([.. Valid, (setting, value)]);

        OptionsValidationException? failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(failure!.Failures, Has.Some.Contains(expected));
    }

    [Test]
    public async Task Nothing_configured_says_how_to_begin()
    {
        using IHost host = Build([]);

        OptionsValidationException? failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(failure!.Message, Does.Contain("There is no account").And.Contain("Add one"));
    }

    // Later settings replace earlier ones.
    private static IHost Build((string Setting, string? Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach ((string setting, string? value) in settings)
        {
            builder.Configuration.AddInMemoryCollection([new($"IntegrationLayer:{setting}", value)]);
        }

        builder.Services.AddIntegrationLayer(builder.Configuration);
        return builder.Build();
    }
}
