using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>What a process tells Redis of a lease, and asks.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Number">Its number among the messages about that lease: only the first of several copies has an effect.</param>
/// <param name="Used">What was used since the last message; negative if a charge was too high.</param>
/// <param name="Kept">What is kept of it.</param>
internal sealed record LeaseMessage(Lease Lease, long Number, long Used, long Kept)
{
    /// <summary>Gets how much of what is kept is not held for calls under way.</summary>
    public long Idle { get; init; }

    /// <summary>Gets how much more is wanted.</summary>
    public long Wanted { get; init; }

    /// <summary>Gets the smallest addition that is worth it.</summary>
    public long Least { get; init; }

    public CountedWindow Window => Lease.Account.Window;

    /// <summary>Adds the keys and arguments that the script reads it from.</summary>
    public void Add(List<RedisKey> keys, List<RedisValue> arguments)
    {
        Window.Window.AddKeys(keys);
        keys.Add(Window.Window.Leases);
        Window.Window.AddArguments(arguments);
        arguments.Add(Lease.Id);
        arguments.Add(Number);
        arguments.Add(Used);
        arguments.Add(Kept);
        arguments.Add(Idle);
        arguments.Add(Wanted);
        arguments.Add(Least);
        arguments.Add(Window.Most is { } most ? most : RedisValue.EmptyString);
    }
}
