using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>A hold that is settled, and by what.</summary>
internal sealed record Replacement(RedisHold Hold, BudgetAmount Spent, SettleTry Try)
{
    /// <summary>Adds the keys and arguments that a script reads it from.</summary>
    public void Add(IReadOnlyList<CountedWindow> windows, List<RedisKey> keys, List<RedisValue> arguments)
    {
        arguments.Add(Hold.Id);
        arguments.Add(Try switch { SettleTry.First => "first", SettleTry.Repeated => "repeated", _ => "uncounted" });
        arguments.Add(windows.Count);
        foreach (CountedWindow counted in windows)
        {
            counted.Window.AddKeys(keys);
            counted.Window.AddArguments(arguments);

            // What nobody can price is charged as it was held.
            arguments.Add(Spent.CountIn(counted.Unit) is { } used ? used : RedisValue.EmptyString);
        }
    }
}
