namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Finds the first choice that all limits can pay. Their counters must be locked and advanced.</summary>
internal static class BudgetChoices
{
    /// <summary>Finds the first choice that fits, and what it may use; -1 if none does.</summary>
    public static int FirstAffordable(ReadOnlySpan<HeldCount> entries, IReadOnlyList<BudgetChoice> choices, out BudgetAmount amount, out BudgetCounts counts)
    {
        for (int i = 0; i < choices.Count; i++)
        {
            BudgetChoice choice = choices[i];
            counts = new BudgetCounts(choice.Amount);
            if (Blocking(entries, choice, counts) < 0)
            {
                amount = choice.Amount;
                return i;
            }
        }

        (amount, counts) = (default, default);
        return -1;
    }

    /// <summary>Says which limit stands against the cheapest choice, and when that may change.</summary>
    public static BudgetExceededException Deny(ReadOnlySpan<HeldCount> entries, IReadOnlyList<BudgetChoice> choices, long nowTicks)
    {
        BudgetChoice cheapest = choices[Cheapest(choices)];
        CountedLimit limit = entries[Blocking(entries, cheapest, new BudgetCounts(cheapest.Amount))].Limit;
        BudgetUsage usage = limit.Usage;
        long? needed = cheapest.Amount.CountIn(limit.Limit.Unit);
        long missing = (needed ?? 0) - (limit.Count - limit.Counter.Used - limit.Counter.Held);
        return new BudgetExceededException(usage, needed is { } count ? limit.Limit.AmountOf(count) : null)
        {
            // No renewal pays for what is more than the whole limit.
            RetryAfter = needed <= limit.Count ? limit.Counter.TimeUntilFree(missing, nowTicks) : null,
        };
    }

    /// <summary>Finds the choice that asks for the least money, or where nobody knows any, for the fewest tokens.</summary>
    public static int Cheapest(IReadOnlyList<BudgetChoice> choices)
    {
        int cheapest = 0;
        (decimal Usd, long Tokens) least = Order(choices[0].Amount);
        for (int i = 1; i < choices.Count; i++)
        {
            (decimal Usd, long Tokens) next = Order(choices[i].Amount);
            if (next.Usd < least.Usd || (next.Usd == least.Usd && next.Tokens < least.Tokens))
            {
                (cheapest, least) = (i, next);
            }
        }

        return cheapest;

        static (decimal Usd, long Tokens) Order(BudgetAmount amount) => (amount.Usd ?? decimal.MaxValue, amount.Tokens);
    }

    private static int Blocking(ReadOnlySpan<HeldCount> entries, in BudgetChoice choice, in BudgetCounts counts)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly HeldCount entry = ref entries[i];
            if (choice.CountsAgainst(entry.Index) && !entry.Limit.Affords(counts.In(entry.Limit.Unit)))
            {
                return i;
            }
        }

        return -1;
    }
}
