using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Those who wait until a call ends and makes room: first come, first served, one for each call that ends.</summary>
internal sealed class WaitingLine
{
    private readonly ConcurrentQueue<Place> _places = new();
    private int _count;

    /// <summary>Gets how many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place at the end of the line.</summary>
    /// <returns>The place, to be given up by disposing it.</returns>
    public Place Join()
    {
        var place = new Place(this);
        Interlocked.Increment(ref _count);
        _places.Enqueue(place);
        return place;
    }

    /// <summary>A call has ended: lets the first one look. Costs one comparison while nobody waits.</summary>
    public void Advance()
    {
        if (Volatile.Read(ref _count) == 0)
        {
            return;
        }

        while (_places.TryDequeue(out Place? first))
        {
            if (first.TryCall())
            {
                return;
            }
        }
    }

    /// <summary>A place in the line.</summary>
    internal sealed class Place(WaitingLine line) : IDisposable
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _hasWaited;

        /// <summary>Waits to be called, at most for a while.</summary>
        /// <remarks>The platform cuts time limits down to whole milliseconds; what is cut down to none would not wait at all, and be asked for again and again.</remarks>
        public async ValueTask WaitAsync(TimeSpan longest, TimeProvider timeProvider, CancellationToken cancellationToken)
        {
            try
            {
                await _called.Task.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(longest.TotalMilliseconds)), timeProvider, cancellationToken).ConfigureAwait(false);
                _hasWaited = true;
            }
            catch (TimeoutException)
            {
                // Time to look again.
            }
        }

        /// <summary>Gives the place up. Whoever was called and had no use for it passes it on.</summary>
        public void Dispose()
        {
            Interlocked.Decrement(ref line._count);
            if (!_called.TrySetCanceled() && !_hasWaited)
            {
                line.Advance();
            }
        }

        /// <summary>Calls whoever waits here.</summary>
        /// <returns>Whether somebody still did.</returns>
        public bool TryCall() => _called.TrySetResult();
    }
}
