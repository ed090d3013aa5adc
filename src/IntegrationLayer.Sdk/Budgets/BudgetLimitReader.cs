using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Makes limits of settings; what is wrong with them is told with the value and the cure.</summary>
/// <param name="path">Where the settings stand, such as <c>IntegrationLayer:Budgets:Limits:0</c>.</param>
/// <param name="report">Takes each mistake.</param>
internal sealed class BudgetLimitReader(string path, Action<string> report)
{
    private bool _hasFailed;

    /// <summary>Makes the limits of all settings.</summary>
    public static List<BudgetLimit> ReadAll(IList<BudgetLimitOptions> settings, string path, Action<string> report)
    {
        var limits = new List<BudgetLimit>();
        for (int i = 0; i < settings.Count; i++)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{path}:{i}");
            if (new BudgetLimitReader(at, report).Read(settings[i]) is { } limit)
            {
                CheckAgainst(limits, limit, at, report);
                limits.Add(limit);
            }
        }

        return limits;
    }

    private static void CheckAgainst(List<BudgetLimit> limits, BudgetLimit limit, string at, Action<string> report)
    {
        foreach (BudgetLimit other in limits.Where(o => o.Scope == limit.Scope && o.Unit == limit.Unit && o.Window == limit.Window))
        {
            if (other.IsSoft == limit.IsSoft)
            {
                report($"{at} contradicts an earlier entry: {other.Scope} has {other.Amount} and {limit.Amount} {limit.UnitName} for the same time. Remove one of them.");
            }
            else if ((limit.IsSoft ? limit : other).Amount >= (limit.IsSoft ? other : limit).Amount)
            {
                report($"{at} contradicts an earlier entry: the soft limit of {limit.Scope} is not below the hard one ({other.Amount} and {limit.Amount} {limit.UnitName}), so it would never be reached. Set it lower.");
            }
        }
    }

    private BudgetLimit? Read(BudgetLimitOptions settings)
    {
        if (!BudgetScope.TryParse(settings.Scope, out BudgetScope scope, out string? problem))
        {
            Fail($"Scope {problem}.");
        }

        decimal amount = ReadAmount(settings);
        BudgetWindow? window = ReadWindow(settings);
        int[] thresholds = [.. settings.Thresholds];
        if (thresholds.Any(t => t is < 1 or > 1_000) || !thresholds.SequenceEqual(thresholds.Distinct().Order()))
        {
            Fail($"Thresholds is {string.Join(", ", thresholds)}; list percentages from 1 to 1000 in rising order, such as 50, 80, 100.");
        }

        return _hasFailed ? null : new BudgetLimit(scope, amount, window!) { Unit = settings.Unit, IsSoft = settings.Soft, Thresholds = thresholds };
    }

    private decimal ReadAmount(BudgetLimitOptions settings)
    {
        const decimal Most = 9_000_000_000_000_000m;
        if (!Enum.IsDefined(settings.Unit))
        {
            Fail($"Unit is {settings.Unit}; set it to {string.Join(", ", Enum.GetNames<BudgetUnit>())}.");
        }

        decimal most = settings.Unit is BudgetUnit.Usd ? 9_000_000_000m : Most;
        if (settings.Amount is not { } amount)
        {
            Fail("Amount is missing; set it to the most that may be used.");
            return 0;
        }

        if (amount < 0 || amount > most)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"Amount is {amount}; set it from 0 to {most}."));
        }
        else if (settings.Unit is not BudgetUnit.Usd && amount != decimal.Truncate(amount))
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"Amount is {amount}; {settings.Unit} are counted in whole numbers."));
        }

        return amount;
    }

    private BudgetWindow? ReadWindow(BudgetLimitOptions settings)
    {
        if (settings.Unit is BudgetUnit.Concurrency)
        {
            if (settings.Per is not (null or BudgetWindowKind.Total))
            {
                Fail($"Per is {settings.Per}, but Concurrency counts calls under way at one moment. Leave it out.");
            }

            return BudgetWindow.Total;
        }

        if (settings.Per is not { } kind || !Enum.IsDefined(kind))
        {
            Fail($"Per is {settings.Per?.ToString() ?? "missing"}; set it to {string.Join(", ", Enum.GetNames<BudgetWindowKind>())}.");
            return null;
        }

        CheckBelongs(nameof(settings.Length), settings.Length, kind is BudgetWindowKind.Rolling, kind);
        CheckBelongs(nameof(settings.TimeZone), settings.TimeZone, kind is not (BudgetWindowKind.Rolling or BudgetWindowKind.Total), kind);
        CheckBelongs(nameof(settings.StartDayOfWeek), settings.StartDayOfWeek, kind is BudgetWindowKind.Week, kind);
        CheckBelongs(nameof(settings.StartDay), settings.StartDay, kind is BudgetWindowKind.Month or BudgetWindowKind.Quarter or BudgetWindowKind.Year, kind);
        CheckBelongs(nameof(settings.StartMonth), settings.StartMonth, kind is BudgetWindowKind.Quarter or BudgetWindowKind.Year, kind);
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        if (settings.TimeZone is { } id && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone!))
        {
            Fail($"TimeZone is '{id}', which this machine doesn't know; use a name such as Europe/Berlin or UTC.");
        }

        return _hasFailed ? null : Make(kind, zone, settings);
    }

    private BudgetWindow? Make(BudgetWindowKind kind, TimeZoneInfo zone, BudgetLimitOptions settings)
    {
        try
        {
            return kind switch
            {
                BudgetWindowKind.Total => BudgetWindow.Total,
                BudgetWindowKind.Rolling => BudgetWindow.Rolling(settings.Length ?? TimeSpan.Zero),
                BudgetWindowKind.Day => BudgetWindow.Day(zone),
                BudgetWindowKind.Week => BudgetWindow.Week(zone, settings.StartDayOfWeek ?? DayOfWeek.Monday),
                BudgetWindowKind.Month => BudgetWindow.Month(zone, settings.StartDay ?? 1),
                BudgetWindowKind.Quarter => BudgetWindow.Quarter(zone, settings.StartMonth ?? 1, settings.StartDay ?? 1),
                _ => BudgetWindow.Year(zone, settings.StartMonth ?? 1, settings.StartDay ?? 1),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            // The window says what is wrong and what to do.
            Fail(e.Message.Split(" (Parameter", 2)[0]);
            return null;
        }
    }

    private void CheckBelongs(string setting, object? value, bool belongs, BudgetWindowKind kind)
    {
        if (value is not null && !belongs)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"{setting} is {value}, which a window per {kind} doesn't take. Leave it out, or change Per."));
        }
    }

    private void Fail(string problem)
    {
        _hasFailed = true;
        report($"{path}:{problem}");
    }
}
