using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>A model that answers with its own name after letting others go first, and keeps a list of its calls.</summary>
internal sealed class YieldingClient : IChatClient
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>Gets the questions asked, one a call.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>Gets how many calls have ended by cancellation.</summary>
    public int Cancelled { get; private set; }

    /// <summary>Gets or sets which models fail.</summary>
    public Func<string, bool> Fails { get; set; } = static _ => false;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        _calls.Enqueue(messages.Last().Text);
        string model = options!.ModelId!;
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            if (cancellationToken.IsCancellationRequested)
            {
                Cancelled++;
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return Fails(model)
            ? throw new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable)
            : new ChatResponse(new ChatMessage(ChatRole.Assistant, model))
            {
                ModelId = model,
                FinishReason = ChatFinishReason.Stop,
                Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 10, TotalTokenCount = 20 },
            };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing to release.
    }
}
