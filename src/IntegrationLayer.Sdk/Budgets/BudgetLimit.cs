using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>The most that a scope may use in a window.</summary>
/// <param name="Scope">Who or what it belongs to.</param>
/// <param name="Amount">The most, in <see cref="Unit"/>: zero to 9 billion US dollars, or zero to 9 × 10^15 of the other units.</param>
/// <param name="Window">The time in which it counts.</param>
/// <exception cref="ArgumentException">The scope has no name, the amount is out of range, or the unit and the window contradict.</exception>
/// <remarks>Two limits of one scope, unit and window count together, whatever their amounts. Create limits once and return the same ones: ledgers find them faster.</remarks>
public sealed record BudgetLimit(BudgetScope Scope, decimal Amount, BudgetWindow Window)
{
    private const decimal MostUsd = 9_000_000_000m;
    private const decimal MostOther = 9_000_000_000_000_000m;

    private static readonly int[] Full = [100];

    private int _hash;

    private BudgetLimit(BudgetLimit original) => (Scope, Amount, Window, Unit, IsSoft, Thresholds) =
        (original.Scope, original.Amount, original.Window, original.Unit, original.IsSoft, original.Thresholds);

    /// <summary>Gets who or what it belongs to.</summary>
    public BudgetScope Scope { get; init => field = Checked(value); } = Checked(Scope);

    /// <summary>Gets the most that may be used in a window, in <see cref="Unit"/>.</summary>
    public decimal Amount { get; init => field = CheckedAmount(value); } = CheckedAmount(Amount);

    /// <summary>Gets the time in which it counts.</summary>
    public BudgetWindow Window { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = Window ?? throw new ArgumentNullException(nameof(Window));

    /// <summary>Gets what it counts.</summary>
    /// <value>The default is <see cref="BudgetUnit.Usd"/>.</value>
    public BudgetUnit Unit { get; init; }

    /// <summary>Gets a value indicating whether it only reports: requests over it are served.</summary>
    public bool IsSoft { get; init; }

    /// <summary>Gets the percentages of the amount that are reported, once in each window, when what was used reaches them.</summary>
    /// <value>From 1 to 1,000, rising. The default is none for a hard limit; a soft limit always reports 100.</value>
    public IReadOnlyList<int> Thresholds { get; init => field = CheckedThresholds(value); } = [];

    /// <summary>Gets the amount as a ledger counts it: nano-US-dollars, tokens, requests or calls under way.</summary>
    public long Count => Unit is BudgetUnit.Usd ? BudgetAmount.ToNanoUsd(Amount) : decimal.ToInt64(decimal.Floor(Amount));

    // Ledgers look limits up by it for every request. A changed copy makes its own.
    private int Hash => _hash != 0 ? _hash : _hash = HashCode.Combine(Scope, Unit, Window, Amount, IsSoft) | 1;

    /// <summary>Gets what a count of this limit's unit comes to.</summary>
    /// <param name="count">A count.</param>
    /// <returns>US dollars, tokens, requests or calls.</returns>
    public decimal AmountOf(long count) => Unit is BudgetUnit.Usd ? BudgetAmount.FromNanoUsd(count) : count;

    /// <inheritdoc/>
    public bool Equals(BudgetLimit? other) => ReferenceEquals(this, other)
        || (other is not null && Hash == other.Hash && Amount == other.Amount && Unit == other.Unit && IsSoft == other.IsSoft
            && Scope == other.Scope && Window == other.Window && Thresholds.SequenceEqual(other.Thresholds));

    /// <inheritdoc/>
    public override int GetHashCode() => Hash;

    /// <summary>Gives the amount, the scope and the window: <c>50 USD for tenant:acme per day@UTC</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {UnitName} for {Scope}{(Window.Kind is BudgetWindowKind.Total ? "" : $" per {Window}")}");

    /// <summary>Gets the percentages that are reported: a soft limit without any reports that it is reached.</summary>
    internal IReadOnlyList<int> Reported => IsSoft && Thresholds.Count == 0 ? Full : Thresholds;

    /// <summary>Gets the count at which a reported percentage is reached. A limit of nothing is reached by the first call that uses anything.</summary>
    internal long Threshold(int index) => (long)Int128.Clamp((((Int128)Count * Reported[index]) + 99) / 100, 1, long.MaxValue);

    internal string UnitName => Unit switch
    {
        BudgetUnit.Usd => "USD",
        BudgetUnit.Tokens => "tokens",
        BudgetUnit.Requests => "requests",
        _ => "calls at a time",
    };

    private static BudgetScope Checked(BudgetScope scope) => !string.IsNullOrWhiteSpace(scope.Name)
        ? scope
        : throw new ArgumentException("The scope of the budget has no name. Give it the name of who pays, such as new BudgetScope(BudgetScopeKind.Tenant, \"acme\").", nameof(scope));

    private static decimal CheckedAmount(decimal amount) => amount is >= 0 and <= MostOther
        ? amount
        : throw new ArgumentException(FormattableString.Invariant($"The amount of the budget is {amount}; set it from 0 to {MostUsd} US dollars, or to {MostOther} tokens or requests."), nameof(amount));

    private static IReadOnlyList<int> CheckedThresholds(IReadOnlyList<int> thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        for (int i = 0; i < thresholds.Count; i++)
        {
            if (thresholds[i] is < 1 or > 1_000 || (i > 0 && thresholds[i] <= thresholds[i - 1]))
            {
                throw new ArgumentException($"The thresholds of the budget are {string.Join(", ", thresholds)}; list percentages from 1 to 1000 in rising order, such as 50, 80, 100.", nameof(thresholds));
            }
        }

        return thresholds;
    }
}
