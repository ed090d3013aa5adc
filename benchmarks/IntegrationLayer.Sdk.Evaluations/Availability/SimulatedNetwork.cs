using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>Stands where the sockets are: gateways by host, each of which may be down, in front of providers by name.</summary>
internal sealed class SimulatedNetwork(VirtualTime time, IReadOnlyDictionary<string, Outages> gateways, IReadOnlyDictionary<string, SimulatedProvider> providers)
    : HttpMessageHandler
{
    private static readonly TimeSpan GatewayLatency = TimeSpan.FromMilliseconds(3);
    private long _calls;

    /// <summary>Gets how many calls reached a provider.</summary>
    public long Calls => Volatile.Read(ref _calls);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Outages outages = gateways[request.RequestUri!.Host];
        if (outages.IsDown(time.Now))
        {
            await time.Delay(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        await time.Delay(GatewayLatency, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _calls);
        SimulatedProvider provider = providers[request.Headers.GetValues(PortkeyHeaders.Provider).First()];
        SimulatedAnswer answer = await provider.AnswerAsync(time, cancellationToken).ConfigureAwait(false);

        // A gateway that dies takes the calls that it was making with it.
        return outages.IsDown(time.Now)
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.")
            : answer.ToMessage();
    }
}
