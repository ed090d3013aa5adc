using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Integration.Tests.Sdk;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>Many callers of several tenants at once, whole and streamed, some of whom give up, against a provider that fails at random; all that can be seen of it is kept.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    public const string Key = "sk-canary-0123456789abcdef";
    public const string Secret = "canary-prompt";
    private const int Workers = 24;

    /// <summary>How long each request may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string[] Tenants = ["acme", "umbrella", "initech", "hooli"];
    private static readonly Dictionary<string, string> Models = new() { ["openai"] = "gpt-4o-mini", ["anthropic"] = "claude-haiku-4-5", ["mistral-ai"] = "mistral-small-latest" };

    private readonly int _seed;
    private readonly SdkHost _host;
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentQueue<string> _tags = new();
    private readonly ConcurrentQueue<Outcome> _outcomes = new();
    private long _requestsCounted;

    private readonly TenantBudgets _budgets;

    private ChaosRun(int seed, decimal usd, ChaosProvider provider)
    {
        _seed = seed;
        _budgets = new TenantBudgets(Tenants, usd);
        Provider = provider;
        Connections = new ActiveConnections(provider.Address.Port);
        _host = new SdkHost(Register);
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == IntegrationLayerDiagnostics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, (long)value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IntegrationLayerDiagnostics.ActivitySourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _tags.Enqueue($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public ChaosProvider Provider { get; }

    public ActiveConnections Connections { get; }

    public IReadOnlyList<Outcome> Outcomes => [.. _outcomes];

    /// <summary>Gets how many requests the SDK's own metric counts.</summary>
    public long RequestsCounted => Interlocked.Read(ref _requestsCounted);

    /// <summary>Gets everything that leaves the process for operators: logs, tags of metrics and spans, messages of exceptions.</summary>
    public string AllThatOperatorsSee => string.Join('\n', [_host.Logs.Text, .. _tags, .. Outcomes.Select(o => o.Failure?.ToString())]);

    /// <param name="seed">What the faults, the questions and the callers' patience are drawn from.</param>
    /// <param name="faultRate">How many calls fail.</param>
    /// <param name="usd">What each tenant may spend.</param>
    public static async Task<ChaosRun> StartAsync(int seed, double faultRate, decimal usd = 1_000) => new(seed, usd, await ChaosProvider.StartAsync(seed, faultRate));

    /// <summary>Gets what is used and held of all budgets.</summary>
    public async Task<IReadOnlyList<BudgetUsage>> GetBudgetsAsync() => await _host.Get<IBudgetLedger>().GetUsageAsync(_budgets.All, CancellationToken.None);

    /// <summary>Gets the SDK's own view of what is under way and how well everybody is.</summary>
    public IReadOnlyList<HealthStatus> GetStatus() => _host.Get<IProviderStatus>().GetStatus();

    /// <summary>Makes the requests; ends when the last caller has its answer or has given up.</summary>
    public Task PlayAsync(int requests) => Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, requests / Workers))));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _meters.Dispose();
        _activities.Dispose();
        Connections.Dispose();
        await Provider.DisposeAsync();
    }

    private void Register(IServiceCollection services) => services
        .AddIntegrationLayer(options =>
        {
            options.Portkey.Endpoint = Provider.Address;
            foreach ((string provider, string model) in Models)
            {
                options.Accounts[provider] = new AccountOptions { Provider = provider, ApiKey = Key, Models = { model } };
            }
        })
        .UseExactMatchCache()
        .UseBudgetPolicy(_budgets);

    private async Task WorkAsync(int worker, int requests)
    {
        var random = new Random((_seed * 1_000) + worker);
        for (int i = 0; i < requests; i++)
        {
            // Popular questions come again and again, so that answers are served from the cache too; each names its tenant.
            string tenant = Tenants[random.Next(Tenants.Length)];
            string question = $"{Secret} {tenant} {(int)(200 * Math.Pow(random.NextDouble(), 3))}";
            bool isStream = random.Next(2) == 0;
            int patience = random.Next(20) == 0 ? random.Next(1, 4) : int.MaxValue;
            long start = Stopwatch.GetTimestamp();
            Outcome outcome = await AskAsync(tenant, question, isStream, patience);
            _outcomes.Enqueue(outcome with { Took = Stopwatch.GetElapsedTime(start) });
        }
    }

    private async Task<Outcome> AskAsync(string tenant, string question, bool isStream, int patience)
    {
        var request = new LlmRequest(question) { Context = new LlmRequestContext { TenantId = tenant, Timeout = Deadline } };
        var text = new StringBuilder();
        LlmReceipt? receipt = null;
        using CancellationTokenSource impatience = new();
        try
        {
            if (!isStream)
            {
                impatience.CancelAfter(patience == int.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(patience));
                LlmResponse response = await _host.Client.GetResponseAsync(request, impatience.Token);
                return new Outcome(tenant, question, response.Text, response.Receipt, null);
            }

            int updates = 0;
            await foreach (LlmResponseUpdate update in _host.Client.GetStreamingResponseAsync(request, impatience.Token))
            {
                text.Append(update.Text);
                receipt = update.Receipt ?? receipt;
                if (++updates >= patience)
                {
                    return new Outcome(tenant, question, text.ToString(), receipt, receipt is null ? new OperationCanceledException("The caller stopped reading.") : null);
                }
            }

            return new Outcome(tenant, question, text.ToString(), receipt, null);
        }
        catch (Exception e) when (e is IntegrationLayerException or OperationCanceledException)
        {
            return new Outcome(tenant, question, text.ToString(), (e as LlmStreamInterruptedException)?.Receipt, e);
        }
    }

    private void Measured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Name == "integration_layer.llm.requests")
        {
            Interlocked.Add(ref _requestsCounted, value);
        }

        foreach (KeyValuePair<string, object?> tag in tags)
        {
            _tags.Enqueue($"{tag.Key}={tag.Value}");
        }
    }
}
