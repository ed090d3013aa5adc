using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>Stands in for the gateway: answers "hi" with 10 input and 20 output tokens, unless told otherwise by model.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    private readonly Lock _gate = new();

    /// <summary>Failures by model id: thrown instead of an answer.</summary>
    public Dictionary<string, Exception> Failures { get; } = [];

    /// <summary>Thrown after the first piece of a stream.</summary>
    public Exception? BreakAfterFirst { get; set; }

    /// <summary>Runs before each answer.</summary>
    public Func<CancellationToken, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public UsageDetails? Usage { get; set; } = new() { InputTokenCount = 10, OutputTokenCount = 20 };

    /// <summary>What a whole answer says.</summary>
    public string Text { get; set; } = "hi";

    /// <summary>Which model answers say they come from; by default the one asked for, with <c>-served</c> behind it.</summary>
    public string? ServedModel { get; set; }

    public List<(string Model, ChatOptions Options)> Calls { get; } = [];

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await EnterAsync(options!, cancellationToken);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Text)) { Usage = Usage, ModelId = ServedModel ?? options!.ModelId + "-served", FinishReason = ChatFinishReason.Stop };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await EnterAsync(options!, cancellationToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, "") { ModelId = ServedModel ?? options!.ModelId + "-served" };
        yield return new ChatResponseUpdate(ChatRole.Assistant, "h");
        if (BreakAfterFirst is { } failure)
        {
            throw failure;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, "i") { FinishReason = ChatFinishReason.Stop };
        if (Usage is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage)]);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private async Task EnterAsync(ChatOptions options, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Calls.Add((options.ModelId!, options));
        }

        await OnCall(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (Failures.TryGetValue(options.ModelId!, out Exception? failure))
        {
            throw failure;
        }
    }
}
