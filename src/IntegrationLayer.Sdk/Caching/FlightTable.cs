using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>The calls in flight, by the key of their requests: an identical request joins one instead of being sent too.</summary>
internal sealed class FlightTable(IOptions<ExactMatchCacheOptions> options)
{
    private const int Stripes = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, Flight> _flights = [];
    private readonly HashSet<CacheKey> _refreshing = [];
    private readonly int[] _landings = new int[Stripes];
    private readonly int _maxFollowers = options.Value.MaxFollowers;

    /// <summary>Gets how many calls are in flight.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _flights.Count;
            }
        }
    }

    /// <summary>Gets a number that changes when a call for the key has ended: read it before looking into the cache, and hand it to <see cref="Enter"/>.</summary>
    public int Landings(CacheKey key) => Volatile.Read(ref _landings[StripeOf(key)]);

    /// <summary>Joins the call in flight for a key, or makes the request's own call one that others can join.</summary>
    /// <param name="key">The key.</param>
    /// <param name="landings">What <see cref="Landings"/> was before the cache was found not to have the answer.</param>
    /// <param name="stamp">The last invalidation that is known: what was asked for before it isn't given to who asks after it.</param>
    /// <param name="flight">The call in flight.</param>
    public FlightRole Enter(CacheKey key, int landings, long stamp, out Flight? flight)
    {
        flight = null;
        if (_maxFollowers == 0)
        {
            return FlightRole.Alone;
        }

        lock (_gate)
        {
            if (_flights.TryGetValue(key, out flight) && flight.Stamp >= stamp)
            {
                return flight.TryJoin(_maxFollowers) ? FlightRole.Follower : FlightRole.Alone;
            }

            if (flight is null && _landings[StripeOf(key)] != landings)
            {
                return FlightRole.LookAgain;
            }

            // One that began before the invalidation goes on for who waits for it.
            _flights[key] = flight = new Flight(this, key) { Stamp = stamp };
            return FlightRole.Leader;
        }
    }

    /// <summary>Claims to be the one who asks anew for a stale answer. Whoever may, gives it back with <see cref="EndRefresh"/>.</summary>
    public bool TryBeginRefresh(CacheKey key)
    {
        lock (_gate)
        {
            return !_flights.ContainsKey(key) && _refreshing.Add(key);
        }
    }

    public void EndRefresh(CacheKey key)
    {
        lock (_gate)
        {
            _refreshing.Remove(key);
        }
    }

    /// <summary>Takes note that a request no longer waits.</summary>
    /// <param name="flight">Its call.</param>
    /// <param name="unlessLast">Whether the last one stays, to see its call end.</param>
    /// <returns>Whether it was the last: the call is to be ended then.</returns>
    internal bool Leave(Flight flight, bool unlessLast)
    {
        lock (_gate)
        {
            bool isLast = flight.RemoveMember(unlessLast);
            if (isLast)
            {
                Close(flight);
            }

            return isLast;
        }
    }

    /// <summary>Lets nobody join a call any more.</summary>
    internal void Remove(Flight flight)
    {
        lock (_gate)
        {
            Close(flight);
        }
    }

    private static int StripeOf(CacheKey key) => key.GetHashCode() & (Stripes - 1);

    private void Close(Flight flight)
    {
        if (_flights.TryGetValue(flight.Key, out Flight? current) && ReferenceEquals(current, flight))
        {
            _flights.Remove(flight.Key);
            _landings[StripeOf(flight.Key)]++;
        }
    }
}
