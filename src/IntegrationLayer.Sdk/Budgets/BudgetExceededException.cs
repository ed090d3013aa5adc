using System.Globalization;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>A budget that covers the request can't pay for it. Nothing was sent, except for the <see cref="Attempts"/> that failed before.</summary>
public sealed class BudgetExceededException : IntegrationLayerException
{
    /// <summary>Creates the exception from a limit and what is used of it.</summary>
    /// <param name="usage">The limit that denied the request.</param>
    /// <param name="needed">The least that the request needs, in the limit's unit; <see langword="null"/> if nobody knows it.</param>
    public BudgetExceededException(BudgetUsage usage, decimal? needed)
        : base(Describe(usage, needed))
    {
        Usage = usage;
        Needed = needed;
    }

    /// <summary>Creates the exception with a message of its own.</summary>
    /// <param name="message">Which limit, what it has left, what was needed, when it renews.</param>
    public BudgetExceededException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => RetryAfter is not null || Usage is { Held: > 0 };

    /// <inheritdoc/>
    public override string Message => RetryAfter is { } wait && Usage is { Limit.Window.Kind: BudgetWindowKind.Rolling }
        ? string.Create(CultureInfo.InvariantCulture, $"{base.Message} There is room for it in {Math.Ceiling(wait.TotalSeconds)} s.")
        : base.Message;

    /// <summary>Gets the limit that denied the request, with what was used and held of it and when it is renewed; <see langword="null"/> if a ledger of your own doesn't say.</summary>
    public BudgetUsage? Usage { get; }

    /// <summary>Gets the scope of the limit that denied the request.</summary>
    public BudgetScope? Scope => Usage?.Limit.Scope;

    /// <summary>Gets the least that the request needs, in the limit's unit; <see langword="null"/> if nobody knows it.</summary>
    public decimal? Needed { get; }

    /// <summary>Gets how long until the budget is renewed, or enough has left a rolling window, if that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the calls that were made for the request, and failed, before the budget refused to pay for the next one; usually none.</summary>
    public IReadOnlyList<LlmAttempt> Attempts { get; internal set; } = [];

    private static string Describe(BudgetUsage usage, decimal? needed)
    {
        BudgetLimit limit = usage.Limit;
        string need = needed is { } known ? string.Create(CultureInfo.InvariantCulture, $"at least {known} {limit.UnitName}") : "an amount that nobody knows, for want of a price";
        string reset = usage.ResetsAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"is renewed at {at:u}")
            : limit.Window.Kind is BudgetWindowKind.Rolling ? $"counts what was used in the {limit.Window}"
            : limit.Unit is BudgetUnit.Concurrency ? "frees up as calls end"
            : "is never renewed";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The budget '{limit.Scope}' of {limit.Amount} {limit.UnitName} has {usage.Used} used and {usage.Held} held back for calls under way, which leaves {usage.Left}; the request needs {need}. It {reset}.");
    }
}
