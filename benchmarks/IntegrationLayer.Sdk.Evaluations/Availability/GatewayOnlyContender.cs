using System.Net;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>A bare client that leaves fallback to one gateway: the next provider is tried after a bad status or a minute without one, and whatever comes with a good status is the answer.</summary>
/// <remarks>So does Portkey's open-source gateway with the strategy <c>fallback</c> and a <c>request_timeout</c>: it has no breaker, and takes a cut answer for a whole one.</remarks>
internal sealed class GatewayOnlyContender(VirtualTime time, SimulatedNetwork network, string gateway, IReadOnlyList<string> providers) : IContender
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(1);
    private readonly HttpMessageInvoker _client = new(network, disposeHandler: false);

    public async Task<bool> AskAsync()
    {
        foreach (string provider in providers)
        {
            using var timeout = new CancellationTokenSource(RequestTimeout, time);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{gateway}/v1/chat/completions") { Headers = { { PortkeyHeaders.Provider, provider } } };
            try
            {
                using HttpResponseMessage response = await _client.SendAsync(request, timeout.Token).ConfigureAwait(false);
                if (response.StatusCode is HttpStatusCode.OK)
                {
                    return await response.Content.ReadAsStringAsync(CancellationToken.None).ConfigureAwait(false) == SimulatedAnswer.Good.Body;
                }
            }
            catch (OperationCanceledException)
            {
                // The gateway's own time-out: it goes on to the next provider.
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        return false;
    }

    public void Dispose() => _client.Dispose();
}
