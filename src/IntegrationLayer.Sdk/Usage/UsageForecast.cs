namespace IntegrationLayer.Sdk.Usage;

/// <summary>What the requests of a range and of the time after it will have cost together, if they go on as they were.</summary>
/// <param name="Until">The moment that the forecast reaches to.</param>
/// <param name="CostUsd">What will have been paid from the range's beginning until then.</param>
/// <param name="LowUsd">What it is with 90 % probability at least, if days vary as they did.</param>
/// <param name="HighUsd">What it is with 90 % probability at most, if days vary as they did.</param>
/// <remarks>
/// Each day to come costs what days did: the mean of the same weekday if the range holds two whole weeks or more, else the mean of all its time. The
/// bounds are 1.28 standard deviations of whole days, times the square root of the days to come; both are <paramref name="CostUsd"/> if there are
/// fewer than two whole days.
/// </remarks>
public sealed record UsageForecast(DateTimeOffset Until, decimal CostUsd, decimal LowUsd, decimal HighUsd);
