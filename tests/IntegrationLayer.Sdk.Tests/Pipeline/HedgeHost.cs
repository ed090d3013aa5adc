using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>The SDK with hedging switched on, over deployments that a test lets answer, fail or hang: "lab/small" is tried first, then its sibling on the same account, then "other/large".</summary>
internal sealed class HedgeHost : IAsyncDisposable
{
    private readonly PipelineHost _host;

    public HedgeHost(Action<IntegrationLayerOptions>? configure = null, decimal budget = 1_000)
    {
        Gateway.OnSend = (call, token) => CallAsync(call, () => ScriptedGateway.Answer(call), token);
        Gateway.OnOpen = (call, token) => CallAsync(call, () => new ScriptedStream().Write(call.Deployment.Name).Finish().End(), token);
        Gateway.OnEmbed = (call, token) => CallAsync(
            new GatewayCall(call.Deployment, [], null, null, call.Envelope), () => new GatewayEmbeddings([.. call.Inputs.Select(_ => new Embedding<float>(new float[2]))], new GatewayInfo(200)), token);
        _host = new PipelineHost(
            o =>
            {
                o.MaxAttempts = 4;
                o.Resilience.Hedging.Enabled = true;
                o.Deployments.Insert(1, new DeploymentOptions { Account = "lab", Model = "sibling", InputPrice = 2, OutputPrice = 2, MaxOutputTokens = 2_000, ContextTokens = 10_000 });
                configure?.Invoke(o);
            },
            b =>
            {
                b.Services.Replace(ServiceDescriptor.Singleton<IModelGateway>(Gateway));
                b.UseBudgetPolicy(new PipelineHost.FlatPolicy(budget)).Services.AddSingleton<IBudgetLedger>(p => Ledger = new CountingLedger(new InMemoryBudgetLedger(Time, p.GetRequiredService<BudgetObservers>())));
            });
        _ = _host.Client;
    }

    public ScriptedGateway Gateway { get; } = new();

    public CountingLedger Ledger { get; private set; } = null!;

    public FakeTimeProvider Time => _host.Time;

    public ILlmClient Client => _host.Client;

    /// <summary>What a deployment does when it is called; it answers unless a test says otherwise.</summary>
    public Dictionary<string, Func<CancellationToken, Task>> On { get; } = [];

    /// <summary>Completes when a deployment has been called; set anew by <see cref="Next"/>.</summary>
    private Dictionary<string, TaskCompletionSource> Called { get; } = [];

    public int InFlight => _host.Get<ConfigurationSource>().Current is var current ? current.Deployments.All.Sum(d => current.Health[d.Index].InFlight) : 0;

    public T Get<T>()
        where T : notnull => _host.Get<T>();

    /// <summary>Makes requests enough to earn one second call, each of which takes a tenth of a second.</summary>
    public async Task EarnAsync(int requests = 20)
    {
        Dictionary<string, Func<CancellationToken, Task>> before = new(On);
        On["lab/small"] = _ =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.CompletedTask;
        };
        for (int i = 0; i < requests; i++)
        {
            await Client.GetResponseAsync("hello");
        }

        On.Clear();
        foreach ((string name, Func<CancellationToken, Task> does) in before)
        {
            On[name] = does;
        }
    }

    /// <summary>Gives a task that completes when a deployment is called next.</summary>
    public Task Next(string deployment) => (Called[deployment] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Asks, whole or streamed.</summary>
    public async Task<LlmReceipt> AskAsync(bool streamed, LlmRequest? request = null, CancellationToken cancellationToken = default) => streamed
        ? (await PipelineHost.ReadAsync(Client.GetStreamingResponseAsync(request ?? new LlmRequest("hello"), cancellationToken)))[^1].Receipt!
        : (await Client.GetResponseAsync(request ?? new LlmRequest("hello"), cancellationToken)).Receipt;

    /// <summary>Waits until nothing is under way, and all that was held back is settled: what lost ends on its own thread.</summary>
    public async Task QuietAsync()
    {
        while (InFlight > 0 || Ledger.Open > 0)
        {
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static Task Hang(CancellationToken token) => ScriptedGateway.Hang<object>(token);

    private async Task<T> CallAsync<T>(GatewayCall call, Func<T> answer, CancellationToken token)
    {
        if (Called.Remove(call.Deployment.Name, out TaskCompletionSource? called))
        {
            called.SetResult();
        }

        if (On.TryGetValue(call.Deployment.Name, out Func<CancellationToken, Task>? does))
        {
            await does(token);
        }

        return answer();
    }
}
