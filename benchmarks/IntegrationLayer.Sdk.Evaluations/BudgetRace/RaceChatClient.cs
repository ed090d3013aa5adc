using System.Globalization;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>The gateway of a racer: one call over HTTP to the provider; the prompt is the call's identifier.</summary>
internal sealed class RaceChatClient(HttpClient http, string provider) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string id = messages.Single().Text;
        string[] counts = (await http.GetStringAsync(new Uri($"{provider}/?id={id}&cap={options!.MaxOutputTokens}"), cancellationToken)).Split(' ');
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, "done"))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails
            {
                InputTokenCount = long.Parse(counts[0], CultureInfo.InvariantCulture),
                OutputTokenCount = long.Parse(counts[1], CultureInfo.InvariantCulture),
            },
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The race doesn't stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() => http.Dispose();
}
