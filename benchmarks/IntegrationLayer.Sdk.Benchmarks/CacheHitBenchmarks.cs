using BenchmarkDotNet.Attributes;
using IntegrationLayer.Sdk.Execution;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationLayer.Sdk.Benchmarks;

[MemoryDiagnoser]
public class CacheHitBenchmarks
{
    private readonly LlmRequest _request = Requests.Question();
    private ServiceProvider _services = null!;
    private ILlmClient _client = null!;

    [GlobalSetup]
    public void Prepare()
    {
        IIntegrationLayerBuilder builder = new ServiceCollection().AddIntegrationLayer(o => Requests.AddDeployments(o, 2_500));
        builder.UseGateway(_ => new Canned());
        builder.UseExactMatchCache(o => o.TimeToLive = TimeSpan.FromDays(1));
        _services = builder.Services.BuildServiceProvider();
        _client = _services.GetRequiredService<ILlmClient>();
        _client.GetResponseAsync(_request).GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public Task<LlmResponse> Ask() => _client.GetResponseAsync(_request);

    private sealed class Canned : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "The invoice is due on the thirtieth day.")) { ModelId = "x", FinishReason = ChatFinishReason.Stop });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
