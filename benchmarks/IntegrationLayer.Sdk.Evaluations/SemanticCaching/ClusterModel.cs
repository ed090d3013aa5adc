using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Stands in for the model: questions of one cluster get one answer.</summary>
internal sealed class ClusterModel : IChatClient
{
    /// <summary>Gets the cluster of each question.</summary>
    public Dictionary<string, string> Clusters { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets how often it was asked.</summary>
    public int Calls { get; private set; }

    /// <summary>Gets what is answered to a question of a cluster: answers to different clusters have no words in common, however alike the clusters' names are.</summary>
    public static string AnswerOf(string cluster) => $"Answer {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster)))}.";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        string answer = AnswerOf(Clusters[messages.Last().Text]);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 100 },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // It holds nothing.
    }
}
