using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Systematic.Tests.Broken;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>A changed configuration comes into force while requests run, under many schedules: a request knows either the old one or the new one.</summary>
internal sealed class RotationTests
{
    // The first deployment of each configuration fails, so that a request asks its configuration again, after others had their turn.
    [Test]
    [Property("FaultMatrix", "53")]
    public void Request_is_served_by_one_configuration_to_its_end() => Explorer.Explore(async () =>
    {
        int generation = 1;
        YieldingClient model = new() { Fails = static name => name.EndsWith('a') };
        await using ServiceProvider provider = Sdk.Create(model, options => Configure(options, Volatile.Read(ref generation)));
        ILlmClient client = provider.GetRequiredService<ILlmClient>();
        ConfigurationSource source = provider.GetRequiredService<ConfigurationSource>();
        Task reloading = Task.Run(() =>
        {
            Volatile.Write(ref generation, 2);
            source.Reload();
        });
        Task<LlmResponse>[] requests = [Task.Run(() => client.GetResponseAsync("x")), Task.Run(() => client.GetResponseAsync("x"))];
        foreach (LlmResponse response in await Task.WhenAll(requests))
        {
            LlmReceipt receipt = response.Receipt;
            string first = receipt.Attempts[0].Deployment;
            int price = first == "one-a" ? 1 : 2;
            string tried = string.Join(' ', receipt.Attempts.Select(attempt => attempt.Deployment));
            Specification.Assert(tried is "one-a one-b" or "two-a two-b", $"one request was sent to {tried}");
            Specification.Assert(receipt.Cost.Usd == price * 20 / 1_000_000m, $"{tried} was charged {receipt.Cost}");
        }

        await reloading;
        LlmResponse next = await client.GetResponseAsync("x");
        Specification.Assert(next.Receipt.Deployment == "two-b", "the new configuration isn't in force");
    });

    // Two at once: whoever is last has read the configuration last, so none is lost.
    [Test]
    public void Last_of_several_changes_is_the_one_in_force() => Explorer.Explore(async () =>
    {
        int generation = 0;
        await using ServiceProvider provider = Sdk.Create(new YieldingClient(), options => Configure(options, Volatile.Read(ref generation)));
        ConfigurationSource source = provider.GetRequiredService<ConfigurationSource>();
        Task[] changes =
        [
            Task.Run(() =>
            {
                Interlocked.Increment(ref generation);
                source.Reload();
            }),
            Task.Run(() =>
            {
                Interlocked.Increment(ref generation);
                source.Reload();
            }),
        ];
        await Task.WhenAll(changes);
        string last = source.Current.Deployments.All[0].Name;
        Specification.Assert(last == "two-a", $"{last} is in force");
    });

    [Test]
    public void Configuration_that_is_changed_part_by_part_is_caught() => Explorer.ShouldFind(async () =>
    {
        RacyConfiguration configuration = new();
        Task[] changes = [Task.Run(() => configuration.Change("two", 2))];
        (string name, int price) = await Task.Run(configuration.Read);
        Specification.Assert((name, price) is ("one", 1) or ("two", 2), $"{name} at {price}");
        await Task.WhenAll(changes);
    });

    private static void Configure(IntegrationLayerOptions options, int generation)
    {
        string name = generation == 1 ? "one" : generation == 2 ? "two" : "none";
        options.RoutingPolicy = RoutingPolicies.Priority;
        options.Accounts[name] = new AccountOptions { Provider = "lab" };
        foreach (string part in (string[])["a", "b"])
        {
            options.Deployments.Add(new DeploymentOptions
            {
                Name = $"{name}-{part}", Account = name, Model = $"{name}-{part}", InputPrice = generation, OutputPrice = generation, Priority = options.Deployments.Count,
            });
        }
    }
}
