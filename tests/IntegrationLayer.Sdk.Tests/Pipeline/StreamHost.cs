using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>The SDK over a gateway whose streams a test writes by hand: one stream for each deployment, on a clock that stands still.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    private readonly PipelineHost _host;
    private readonly Dictionary<string, ScriptedStream> _streams = new()
    {
        ["lab/small"] = new ScriptedStream(), ["other/large"] = new ScriptedStream().Write("large").Finish().End(),
    };

    public StreamHost(Action<IntegrationLayerOptions>? configure = null, Action<IIntegrationLayerBuilder>? build = null)
    {
        Gateway.OnOpen = (call, _) => Task.FromResult(_streams[call.Deployment.Name]);
        _host = new PipelineHost(configure, b =>
        {
            b.Services.Replace(ServiceDescriptor.Singleton<IModelGateway>(Gateway));
            b.UseBudgetPolicy(new PipelineHost.FlatPolicy(10)).Services.AddSingleton<IBudgetLedger>(Ledger);
            build?.Invoke(b);
        });
    }

    public ScriptedGateway Gateway { get; } = new();

    public SpyLedger Ledger { get; } = new();

    public FakeTimeProvider Time => _host.Time;

    public ILlmClient Client => _host.Client;

    /// <summary>The stream of the deployment that is tried first.</summary>
    public ScriptedStream Small => _streams["lab/small"];

    /// <summary>The stream of the other one; it says "large" unless a test takes it for itself.</summary>
    public ScriptedStream Large
    {
        get => _streams["other/large"];
        set => _streams["other/large"] = value;
    }

    public IAsyncEnumerator<LlmResponseUpdate> Open(LlmRequest? request = null, CancellationToken cancellationToken = default) =>
        Client.GetStreamingResponseAsync(request ?? new LlmRequest("hello"), cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    public T Get<T>()
        where T : notnull => _host.Get<T>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
