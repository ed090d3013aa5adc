using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Testing.Tests.DependencyInjection;

public sealed class FakeServiceCollectionExtensionsTests
{
    [Test]
    public async Task UseFakePortkey_puts_the_fake_under_the_real_client()
    {
        FakePortkey fake = new();
        fake.OnChat("cheap").Reply(FakePortkeyReply.Text("Hello from cheap").WithUsage(1000, 100));
        await using ServiceProvider services = Services(fake);

        LlmResponse response = await services.GetRequiredService<ILlmClient>().GetResponseAsync("Say hello");

        Assert.That(response.Text, Is.EqualTo("Hello from cheap"));
        response.Receipt.ShouldBeAnsweredBy("cheap").ShouldCost(0.0012m);
        Assert.That(fake.Requests.Single().ApiKey, Is.EqualTo("sk-test"));
        fake.VerifyAllCalled();
    }

    [Test]
    public async Task UseFakePortkey_lets_the_real_client_fail_over()
    {
        FakePortkey fake = new();
        fake.OnChat("cheap").Fail(FakePortkeyError.ServerError()).Times(1);
        fake.OnChat("dear").ReplyStream("Hel", "lo");
        await using ServiceProvider services = Services(fake);

        List<LlmResponseUpdate> updates = await services.GetRequiredService<ILlmClient>().GetStreamingResponseAsync("Say hello").ToListAsync();

        Assert.That(string.Concat(updates.Select(update => update.Text)), Is.EqualTo("Hello"));
        updates[^1].Receipt!.ShouldBeAnsweredBy("dear").ShouldHaveTried("cheap", "dear");
        fake.VerifyAllCalled();
    }

    [Test]
    public async Task UseFakePortkey_reports_a_request_that_nobody_scripted()
    {
        FakePortkey fake = new();
        await using ServiceProvider services = Services(fake);

        await Assert.CatchAsync(() => services.GetRequiredService<ILlmClient>().GetResponseAsync("Say hello"));

        Assert.That(fake.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>().With.Message.Contains("no route answered POST /v1/chat/completions"));
    }

    [Test]
    public async Task UseFakeLlmClient_replaces_the_client_and_the_chat_client()
    {
        FakeLlmClient fake = new();
        fake.OnAny().Reply("scripted");
        ServiceCollection collection = new();
        collection.AddIntegrationLayer(Configure).UseFakeLlmClient(fake);
        await using ServiceProvider services = collection.BuildServiceProvider();

        Assert.That(services.GetRequiredService<ILlmClient>(), Is.SameAs(fake));
        Assert.That((await services.GetRequiredService<IChatClient>().GetResponseAsync("x")).Text, Is.EqualTo("scripted"));
    }

    [Test]
    public async Task UseFakeLlmClient_works_without_the_SDK_registered()
    {
        FakeLlmClient fake = new();
        fake.OnAny().Reply("scripted");
        await using ServiceProvider services = new ServiceCollection().UseFakeLlmClient(fake).BuildServiceProvider();

        Assert.That((await services.GetRequiredService<ILlmClient>().GetResponseAsync("x")).Text, Is.EqualTo("scripted"));
    }

    private static ServiceProvider Services(FakePortkey fake)
    {
        ServiceCollection services = new();
        services.AddIntegrationLayer(Configure).UseFakePortkey(fake);
        return services.BuildServiceProvider();
    }

    private static void Configure(IntegrationLayerOptions options)
    {
        options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
        foreach ((string name, decimal price) in new[] { ("cheap", 1m), ("dear", 10m) })
        {
            options.Deployments.Add(new DeploymentOptions
            {
                Name = name,
                Account = "openai",
                Model = name,
                Kind = ModelKind.Chat,
                InputPrice = price,
                OutputPrice = price * 2,
                ContextTokens = 100_000,
                MaxOutputTokens = 4_000,
            });
        }
    }
}
