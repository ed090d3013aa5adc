using System.Net;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;

namespace IntegrationLayer.Sdk.Testing.Tests.DependencyInjection;

public sealed class ChaosBuilderExtensionsTests
{
    [Test]
    public async Task Fault_of_one_provider_is_survived_by_the_next()
    {
        FakePortkey fake = new();
        fake.OnChat().Reply("hello");
        await using ServiceProvider provider = Open(
            fake,
            chaos => chaos.AddChaosFault(1, () => new HttpRequestException(HttpRequestError.ResponseEnded, "chaos")),
            request => request.Headers.GetValues("x-portkey-provider").Contains("openai"));

        LlmResponse response = await provider.GetRequiredService<ILlmClient>().GetResponseAsync("hi");

        Assert.That(response.Receipt.Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(new[] { ("openai/gpt-4o-mini", LlmErrorClass.Network), ("anthropic/claude-sonnet-4-5", LlmErrorClass.None) }));
    }

    [Test]
    public async Task Outcome_takes_the_place_of_the_answer()
    {
        FakePortkey fake = new();
        fake.OnChat().Optional().Reply("never asked");
        await using ServiceProvider provider = Open(fake, chaos => chaos.AddChaosOutcome(1, () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)));

        LlmException? failure = await Assert.ThrowsAsync<LlmException>(() => provider.GetRequiredService<ILlmClient>().GetResponseAsync("hi"));

        Assert.That((failure!.ErrorClass, failure.StatusCode, fake.RequestCount), Is.EqualTo((LlmErrorClass.ProviderUnavailable, (int?)503, 0)));
    }

    [Test]
    public async Task Latency_waits_by_the_registered_clock()
    {
        ObservedClock clock = new();
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        FakePortkey fake = new();
        fake.OnChat().Reply("late");
        await using ServiceProvider provider = Open(
            fake,
            chaos => chaos.AddChaosLatency(new ChaosLatencyStrategyOptions { InjectionRate = 1, Latency = TimeSpan.FromSeconds(3) }),
            clock: clock);
        Task<LlmResponse> call = provider.GetRequiredService<ILlmClient>().GetResponseAsync("hi");
        while (await clock.WaitForTimerAsync(limit.Token) != TimeSpan.FromSeconds(3))
        {
        }

        bool waited = !call.IsCompleted;
        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(((await call).Text, waited), Is.EqualTo(("late", true)));
    }

    [Test]
    public async Task Faults_repeat_when_their_chances_do()
    {
        bool[] first = await HitsAsync();
        bool[] second = await HitsAsync();

        Assert.That(first, Is.EqualTo([true, false, true, false]));
        Assert.That(second, Is.EqualTo(first));
    }

    private static async Task<bool[]> HitsAsync()
    {
        double[] chances = [0.1, 0.9, 0.2, 0.8];
        int next = 0;
        FakePortkey fake = new();
        fake.OnChat().Reply("hello");
        await using ServiceProvider provider = Open(fake, chaos => chaos.AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRate = 0.5,
            Randomizer = () => chances[next++],
            FaultGenerator = new FaultGenerator().AddException(() => new HttpRequestException(HttpRequestError.ConnectionError, "chaos")),
        }));
        bool[] hits = new bool[chances.Length];
        for (int i = 0; i < hits.Length; i++)
        {
            try
            {
                await provider.GetRequiredService<ILlmClient>().GetResponseAsync(new LlmRequest("hi") { Options = new() { ModelId = "openai/gpt-4o-mini" } });
            }
            catch (LlmException)
            {
                hits[i] = true;
            }
        }

        return hits;
    }

    private static ServiceProvider Open(
        FakePortkey fake, Action<ResiliencePipelineBuilder<HttpResponseMessage>> chaos, Func<HttpRequestMessage, bool>? appliesTo = null, TimeProvider? clock = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddIntegrationLayer(options =>
        {
            options.RoutingPolicy = RoutingPolicies.LowestCost;
            options.Accounts["openai"] = new AccountOptions { Provider = "openai", Models = { "gpt-4o-mini" } };
            options.Accounts["anthropic"] = new AccountOptions { Provider = "anthropic", Models = { "claude-sonnet-4-5" } };
        }).UseFakePortkey(fake).AddPortkeyChaos(chaos, appliesTo);
        return services.BuildServiceProvider();
    }
}
