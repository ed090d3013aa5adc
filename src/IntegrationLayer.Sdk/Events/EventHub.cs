using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;

namespace IntegrationLayer.Sdk.Events;

/// <summary>Hands events to whoever listens. Whoever is too slow loses the oldest ones; nobody waits for anybody.</summary>
internal sealed class EventHub(TimeProvider timeProvider) : IIntegrationEvents, IDisposable
{
    private readonly Lock _gate = new();
    private ImmutableArray<Subscription> _subscriptions = [];
    private readonly Lock _publishing = new();
    private long _dropped;
    private bool _isDisposed;

    /// <summary>Gets or sets what is told the type of an event that was dropped.</summary>
    public Action<string>? OnDropped { get; set; }

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Gets a value indicating whether somebody listens.</summary>
    public bool HasListeners => !_subscriptions.IsEmpty;

    /// <summary>Publishes an event to those who want its type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="subject">What it happened to.</param>
    /// <param name="state">What <paramref name="write"/> is given.</param>
    /// <param name="write">Writes the properties of the event's data; called only if somebody listens.</param>
    public void Publish<T>(string type, string? subject, T state, Action<Utf8JsonWriter, T> write)
    {
        if (_subscriptions.IsEmpty)
        {
            return;
        }

        // One at a time, so that everybody gets them in the order of their times.
        lock (_publishing)
        {
            IntegrationEvent? made = null;
            foreach (Subscription subscription in _subscriptions)
            {
                if (subscription.Wants(type))
                {
                    made ??= Make(type, subject, state, write);
                    subscription.Channel.Writer.TryWrite(made);
                }
            }
        }
    }

    /// <summary>Ends all subscriptions: their readers get what is left, and then the end.</summary>
    public void Dispose()
    {
        ImmutableArray<Subscription> ending;
        lock (_gate)
        {
            _isDisposed = true;
            (ending, _subscriptions) = (_subscriptions, []);
        }

        foreach (Subscription subscription in ending)
        {
            subscription.Channel.Writer.TryComplete();
        }
    }

    public IAsyncEnumerable<IntegrationEvent> SubscribeAsync(IntegrationEventFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new IntegrationEventFilter();
        var subscription = new Subscription(
            filter.Types.Count == 0 ? null : [.. filter.Types],
            Channel.CreateBounded<IntegrationEvent>(new BoundedChannelOptions(filter.Capacity) { FullMode = BoundedChannelFullMode.DropOldest }, Drop));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _subscriptions = _subscriptions.Add(subscription);
        }

        // A subscription that nobody ever reads ends with its token all the same.
        CancellationTokenRegistration ending = cancellationToken.UnsafeRegister(static state => ((Action)state!)(), (Action)(() => Leave(subscription)));
        return ReadAsync(subscription, ending, cancellationToken);
    }

    private async IAsyncEnumerable<IntegrationEvent> ReadAsync(
        Subscription subscription, CancellationTokenRegistration ending, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (IntegrationEvent happened in subscription.Channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        finally
        {
            await ending.DisposeAsync().ConfigureAwait(false);
            Leave(subscription);
        }
    }

    private void Leave(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }

        // Whoever enumerates it again finds the end, and doesn't wait for ever.
        subscription.Channel.Writer.TryComplete();
    }

    private void Drop(IntegrationEvent dropped)
    {
        Interlocked.Increment(ref _dropped);
        OnDropped?.Invoke(dropped.Type);
    }

    private IntegrationEvent Make<T>(string type, string? subject, T state, Action<Utf8JsonWriter, T> write)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer, state);
            writer.WriteEndObject();
        }

        return new IntegrationEvent(Guid.CreateVersion7(now).ToString(), type, now) { Subject = subject, Data = buffer.ToArray() };
    }

    private sealed record Subscription(HashSet<string>? Types, Channel<IntegrationEvent> Channel)
    {
        public bool Wants(string type) => Types is null || Types.Contains(type);
    }
}
