namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A part of a budget that this process has taken from Redis, to spend on its own. Guarded by the lock of the <see cref="LeaseBook"/>.</summary>
/// <param name="id">Its name in Redis, which no other process uses.</param>
/// <param name="account">What it was taken for.</param>
internal sealed class Lease(string id, LeaseAccount account)
{
    public string Id => id;

    public LeaseAccount Account => account;

    /// <summary>Gets or sets the number of the last message about it.</summary>
    public long Number { get; set; }

    /// <summary>Gets or sets the message that Redis hasn't confirmed yet: it is repeated word for word until it has.</summary>
    public LeaseMessage? Unconfirmed { get; set; }

    /// <summary>Gets or sets what Redis certainly holds for it beyond what the last message told was used.</summary>
    public long Granted { get; set; }

    /// <summary>Gets or sets what Redis held for it by its last answer.</summary>
    public long Confirmed { get; set; }

    /// <summary>Gets or sets what was used out of it since the last message.</summary>
    public long Spent { get; set; }

    /// <summary>Gets or sets what is held back in it for calls under way.</summary>
    public long Held { get; set; }

    /// <summary>Gets or sets the timestamp from which on nothing more is reserved out of it: before Redis' own time for it is over.</summary>
    public long Until { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing more is reserved out of it, and only calls under way are settled.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Gets or sets a value indicating whether it is settled in Redis, or is about to be.</summary>
    public bool IsOver { get; set; }

    /// <summary>Gets what can be reserved.</summary>
    public long Free => Granted - Spent - Held;
}
