using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Configuration;

internal sealed class ReloadTests
{
    [Test]
    public async Task Valid_change_is_taken_over_and_a_bad_one_leaves_the_old_configuration_in_force()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
            ["IntegrationLayer:Accounts:openai:ApiKey"] = "sk",
            ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o",
        }).Build();
        var services = new ServiceCollection();
        services.AddIntegrationLayer(configuration).UseGateway(_ => new ScriptedChatClient());
        await using ServiceProvider provider = services.BuildServiceProvider();
        ILlmClient client = provider.GetRequiredService<ILlmClient>();
        Assert.That(await DeploymentAsync(client), Is.EqualTo("openai/gpt-4o"));

        configuration["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o-mini";
        configuration.Reload();
        Assert.That(await DeploymentAsync(client), Is.EqualTo("openai/gpt-4o-mini"));

        configuration["IntegrationLayer:RoutingPolicy"] = "Cheepest";
        configuration["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4.1";
        Assert.DoesNotThrow(configuration.Reload);
        Assert.That(await DeploymentAsync(client), Is.EqualTo("openai/gpt-4o-mini"));

        configuration["IntegrationLayer:RoutingPolicy"] = "HighestQuality";
        configuration.Reload();
        Assert.That(await DeploymentAsync(client), Is.EqualTo("openai/gpt-4.1"), "a later good change is taken over");
    }

    [Test]
    public async Task Reload_keeps_what_was_observed_of_deployments_that_stay()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
            ["IntegrationLayer:Accounts:openai:ApiKey"] = "sk",
            ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o",
            ["IntegrationLayer:Accounts:openai:Models:1"] = "gpt-4o-mini",
            ["IntegrationLayer:RoutingPolicy"] = "LowestLatency",
        }).Build();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var gateway = new ScriptedChatClient();
        gateway.OnCall = _ =>
        {
            time.Advance(gateway.Calls[^1].Model == "gpt-4o" ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddIntegrationLayer(configuration).UseGateway(_ => gateway);
        await using ServiceProvider provider = services.BuildServiceProvider();
        ILlmClient client = provider.GetRequiredService<ILlmClient>();
        await client.GetResponseAsync(new LlmRequest("x") { Options = new ChatOptions { ModelId = "gpt-4o" } });
        await client.GetResponseAsync(new LlmRequest("x") { Options = new ChatOptions { ModelId = "gpt-4o-mini" } });

        configuration["IntegrationLayer:MaxAttempts"] = "2";
        configuration.Reload();
        Assert.That(await DeploymentAsync(client), Is.EqualTo("openai/gpt-4o-mini"));
        Assert.That(provider.GetRequiredService<ConfigurationSource>().Current.Options.MaxAttempts, Is.EqualTo(2));
    }

    // A file that is saved once is often reported twice.
    [Test]
    public async Task Change_that_changes_no_setting_reloads_nothing()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
            ["IntegrationLayer:Accounts:openai:ApiKey"] = "sk",
            ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o",
            ["Logging:LogLevel"] = "Warning",
        }).Build();
        var services = new ServiceCollection();
        services.AddIntegrationLayer(configuration).UseGateway(_ => new ScriptedChatClient());
        await using ServiceProvider provider = services.BuildServiceProvider();
        ConfigurationSource source = provider.GetRequiredService<ConfigurationSource>();
        int reloads = 0;
        source.Reloaded += (_, _) => reloads++;

        configuration.Reload();
        configuration["Logging:LogLevel"] = "Error";
        configuration.Reload();
        Assert.That(reloads, Is.Zero);

        configuration["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o-mini";
        configuration.Reload();
        configuration.Reload();
        Assert.That(reloads, Is.EqualTo(1));
    }

    // A request that runs keeps its configuration; when the last one has ended, nothing does.
    [Test]
    public async Task Old_configuration_is_released_when_its_last_request_has_ended()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new PipelineHost();
        host.Gateway.OnCall = _ => release.Task;
        ConfigurationSource source = host.Get<ConfigurationSource>();
        WeakReference old = CurrentOf(source);
        Task<LlmResponse> request = host.Client.GetResponseAsync("x");

        source.Reload();
        bool isKept = IsAlive(old);
        release.SetResult();
        await request;
        host.Gateway.OnCall = _ => Task.CompletedTask;
        await host.Client.GetResponseAsync("x");

        Assert.That(isKept, Is.True);
        Assert.That(IsAlive(old), Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CurrentOf(ConfigurationSource source) => new(source.Current.Options);

    private static bool IsAlive(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return reference.IsAlive;
    }

    private static async Task<string> DeploymentAsync(ILlmClient client) => (await client.RouteAsync(new LlmRequest("x"))).Ranked[0].Deployment.Name;
}
