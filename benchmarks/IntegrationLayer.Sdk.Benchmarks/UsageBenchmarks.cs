using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>What a usage record costs a request: the whole call without records, and with the default store in memory.</summary>
[MemoryDiagnoser]
public class UsageBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private ServiceProvider _services = null!;
    private ILlmClient _client = null!;

    [Params(0, 4_096)]
    public int RecordsInMemory { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o =>
        {
            Requests.AddDeployments(o, 10);
            o.Usage.RecordsInMemory = RecordsInMemory;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelGateway, CannedGateway>());
        _services = builder.Services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public Task<LlmResponse> Ask() => _client.GetResponseAsync(_request);
}
