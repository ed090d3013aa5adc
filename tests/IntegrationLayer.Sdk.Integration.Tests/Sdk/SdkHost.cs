using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>The SDK as an application registers it, with what it logs and the HTTP traffic to the gateway recorded.</summary>
public sealed class SdkHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="register">Registers the SDK.</param>
    /// <param name="clock">The SDK's clock; the system's by default.</param>
    public SdkHost(Action<IServiceCollection> register, TimeProvider? clock = null)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        register(services);
        services.AddHttpClient(IntegrationLayer.Sdk.Portkey.PortkeyDefaults.HttpClientName).AddHttpMessageHandler(() => new WireRecorder(Wire));
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    public CapturedLogs Logs { get; } = new();

    public WireLog Wire { get; } = new();

    public ILlmClient Client => _services.GetRequiredService<ILlmClient>();

    public IChatClient ChatClient => _services.GetRequiredService<IChatClient>();

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings => _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

    /// <summary>Gets a service.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Reads a stream to its end.</summary>
    public async Task<IReadOnlyList<LlmResponseUpdate>> StreamAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        List<LlmResponseUpdate> updates = [];
        await foreach (LlmResponseUpdate update in Client.GetStreamingResponseAsync(request, cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    /// <summary>Asks whole or streamed, for tests in which both must come to the same.</summary>
    public async Task<(string Text, LlmReceipt Receipt)> AskAsync(LlmRequest request, bool isStreamed)
    {
        if (!isStreamed)
        {
            LlmResponse response = await Client.GetResponseAsync(request);
            return (response.Text, response.Receipt);
        }

        IReadOnlyList<LlmResponseUpdate> updates = await StreamAsync(request);
        return (string.Concat(updates.Select(update => update.Text)), updates[^1].Receipt!);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
