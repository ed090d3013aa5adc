using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Says which limit denied a request, from what a script found.</summary>
internal static class RedisDenial
{
    /// <summary>Gets the denial of the cheapest choice.</summary>
    public static BudgetExceededException Of(in ReserveReply reply, IReadOnlyList<CountedWindow> windows, IReadOnlyList<BudgetChoice> choices, DateTimeOffset now)
    {
        BudgetChoice cheapest = choices[BudgetChoices.Cheapest(choices)];
        BudgetExceededException? last = null;
        for (int i = 0; i < windows.Count; i++)
        {
            CountedWindow counted = windows[i];
            if (counted.Hardest is not { } limit || !counted.Counts(cheapest))
            {
                continue;
            }

            (long used, long held, long wait) = reply.CountsOf(i, isDenial: true);
            long? needed = cheapest.Amount.CountIn(limit.Unit);
            bool isEver = needed <= counted.Most;
            last = new BudgetExceededException(Usage(limit, counted.Window, used, held), needed is { } count ? limit.AmountOf(count) : null)
            {
                RetryAfter = !isEver ? null
                    : wait >= 0 ? TimeSpan.FromMilliseconds(wait)
                    : counted.Window.Period is { } period ? period.End - now
                    : null,
            };
            if (needed is null || needed > counted.Most - used - held)
            {
                return last;
            }
        }

        // A cluster's other partition granted only dearer choices.
        return last ?? new BudgetExceededException("No choice fits all budgets of the request.");
    }

    /// <summary>Makes the usage of a limit from counts.</summary>
    public static BudgetUsage Usage(BudgetLimit limit, RedisWindow window, long used, long held) =>
        new(limit, limit.AmountOf(used), limit.AmountOf(held)) { ResetsAt = window.Period?.End.ToUniversalTime() };
}
