using System.Threading.RateLimiting;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>The endpoints of one configuration, and the choice among them.</summary>
internal sealed class EndpointSet(IReadOnlyList<NamedGateway> source, GatewayEndpoint[] endpoints)
{
    /// <summary>The most endpoints: those that a call has tried are marked in 64 bits.</summary>
    public const int MostEndpoints = 64;

    /// <summary>Gets what it was made of.</summary>
    public IReadOnlyList<NamedGateway> Source => source;

    public GatewayEndpoint[] Endpoints => endpoints;

    /// <summary>Takes a place at the best endpoint that can be called: of two at random, the one that is less busy and answers sooner.</summary>
    /// <param name="random">The dice.</param>
    /// <param name="tried">Those that the call has tried, which are left out.</param>
    /// <param name="slot">The place; without a lease if all endpoints are full, and the call has to wait at this one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryEnter(RandomSource random, ref ulong tried, out EndpointSlot slot)
    {
        Span<int> eligible = stackalloc int[MostEndpoints];
        Span<int> reserve = stackalloc int[MostEndpoints];
        (int count, int reserves) = (0, 0);
        for (int i = 0; i < endpoints.Length; i++)
        {
            if ((tried & (1UL << i)) == 0)
            {
                HealthVerdict verdict = endpoints[i].Breaker.Examine();
                if (verdict.Share >= 1 || (verdict.IsAvailable && random.NextPositive() <= verdict.Share))
                {
                    eligible[count++] = i;
                }
                else if (verdict.State is not (HealthState.Open or HealthState.Benched))
                {
                    reserve[reserves++] = i;
                }
            }
        }

        // Those that recover are asked beyond their share before a call fails.
        return TryEnter(eligible[..count], random, isLastResort: false, ref tried, out slot)
            || TryEnter(reserve[..reserves], random, isLastResort: true, ref tried, out slot)
            || TryProbe(ref tried, out slot);
    }

    private bool TryProbe(ref ulong tried, out EndpointSlot slot)
    {
        for (int i = 0; i < endpoints.Length; i++)
        {
            GatewayEndpoint endpoint = endpoints[i];
            if ((tried & (1UL << i)) == 0 && endpoint.Probe.TryBegin())
            {
                RateLimitLease lease = endpoint.Limiter.AttemptAcquire();
                if (lease.IsAcquired && endpoint.Breaker.TryEnter(isLastResort: true, out Permit permit))
                {
                    slot = Take(i, permit, isProbe: true, lease, ref tried);
                    return true;
                }

                lease.Dispose();
                endpoint.Probe.End();
            }
        }

        slot = default;
        return false;
    }

    private bool TryEnter(Span<int> candidates, RandomSource random, bool isLastResort, ref ulong tried, out EndpointSlot slot)
    {
        (int Index, Permit Permit)? full = null;
        while (candidates.Length > 0)
        {
            int place = Choose(candidates, random);
            int index = candidates[place];
            candidates[place] = candidates[^1];
            candidates = candidates[..^1];
            GatewayEndpoint endpoint = endpoints[index];
            if (!endpoint.Breaker.TryEnter(isLastResort, out Permit permit))
            {
                continue;
            }

            RateLimitLease lease = endpoint.Limiter.AttemptAcquire();
            if (lease.IsAcquired)
            {
                if (full is { } other)
                {
                    endpoints[other.Index].Breaker.Leave(other.Permit, CallOutcome.Neutral);
                }

                slot = Take(index, permit, isProbe: false, lease, ref tried);
                return true;
            }

            // The first is waited for if none has room: of two it was the better one.
            if (full is null)
            {
                full = (index, permit);
            }
            else
            {
                endpoint.Breaker.Leave(permit, CallOutcome.Neutral);
            }
        }

        slot = full is { } first ? Take(first.Index, first.Permit, isProbe: false, lease: null, ref tried) : default;
        return full is not null;
    }

    private EndpointSlot Take(int index, Permit permit, bool isProbe, RateLimitLease? lease, ref ulong tried)
    {
        tried |= 1UL << index;
        endpoints[index].Load.Begin();
        return new EndpointSlot(endpoints[index], permit, isProbe, lease);
    }

    private int Choose(ReadOnlySpan<int> candidates, RandomSource random)
    {
        if (candidates.Length == 1)
        {
            return 0;
        }

        int first = Die(candidates.Length, random);
        int second = Die(candidates.Length - 1, random);
        second += second >= first ? 1 : 0;
        return endpoints[candidates[first]].Load.Score <= endpoints[candidates[second]].Load.Score ? first : second;
    }

    private static int Die(int sides, RandomSource random) => Math.Min((int)(random.NextPositive() * sides), sides - 1);
}
