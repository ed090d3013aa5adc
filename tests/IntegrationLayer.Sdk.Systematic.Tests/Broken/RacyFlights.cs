using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Systematic.Tests.Broken;

/// <summary>Shares calls with a well-known mistake: whether one is in flight is asked under one lock, and the new one noted under another.</summary>
internal sealed class RacyFlights(IChatClient model) : ILlmClient
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Task<LlmResponse>> _flights = [];

    public Task<LlmResponse> GetResponseAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        string key = request.Messages[0].Text;
        lock (_gate)
        {
            if (_flights.TryGetValue(key, out Task<LlmResponse>? flight))
            {
                return flight;
            }
        }

        Task<LlmResponse> own = AskAsync(request, cancellationToken);
        lock (_gate)
        {
            return _flights[key] = own;
        }
    }

    public IAsyncEnumerable<LlmResponseUpdate> GetStreamingResponseAsync(LlmRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private async Task<LlmResponse> AskAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        ChatResponse content = await model.GetResponseAsync(request.Messages, new ChatOptions { ModelId = "small" }, cancellationToken);
        return new LlmResponse(content, new LlmReceipt { RequestId = "1", Deployment = "small", Provider = "lab", Model = "small", Cost = LlmCost.None, Attempts = [] });
    }
}
