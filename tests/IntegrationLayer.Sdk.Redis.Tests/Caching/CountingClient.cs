using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

/// <summary>A model that counts how often it is asked.</summary>
internal sealed class CountingClient : IChatClient
{
    private int _calls;

    /// <summary>Gets or sets what it says.</summary>
    public string Text { get; set; } = "hi";

    /// <summary>Gets or sets why it stops.</summary>
    public ChatFinishReason Finish { get; set; } = ChatFinishReason.Stop;

    /// <summary>Gets or sets what it does before it answers.</summary>
    public Func<CancellationToken, Task> OnCall { get; set; } = static _ => Task.CompletedTask;

    public int Calls => Volatile.Read(ref _calls);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        await OnCall(cancellationToken);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Text)) { FinishReason = Finish, Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20 } };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
