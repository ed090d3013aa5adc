using System.Globalization;

namespace IntegrationLayer.Sdk.Usage;

/// <summary>Refuses queries that make no sense or would take too much. Stores of your own need not call it: <see cref="UsageReportBuilder"/> does.</summary>
internal static class UsageQueryRules
{
    public const int MaxBuckets = 10_000;
    public const int MaxDimensions = 4;
    public const int MaxFilters = 16;
    public const int MaxFilterValues = 100;
    public const int MaxRows = 100_000;

    /// <exception cref="UsageQueryException">The query is out of the limits.</exception>
    public static void Check(UsageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.From >= query.To)
        {
            throw Refuse(nameof(UsageQuery.To), $"To is {query.To:O}, which is not after From, {query.From:O}. Set it to the moment before which requests began.");
        }

        if (!Enum.IsDefined(query.Bucket))
        {
            throw Refuse(nameof(UsageQuery.Bucket), $"Bucket is {(int)query.Bucket}, which is no length of time. Use one of {string.Join(", ", Enum.GetNames<UsageBucket>())}.");
        }

        if (!Enum.IsDefined(query.OrderBy))
        {
            throw Refuse(nameof(UsageQuery.OrderBy), $"OrderBy is {(int)query.OrderBy}, which is no measure. Use one of {string.Join(", ", Enum.GetNames<UsageMeasure>())}.");
        }

        double buckets = UsageBuckets.CountIn(query.Bucket, query.To - query.From);
        if (buckets > MaxBuckets)
        {
            throw Refuse(nameof(UsageQuery.Bucket), $"The range has {buckets:N0} slices of one {query.Bucket}; at most {MaxBuckets:N0} are allowed. Use a longer Bucket or a shorter range.");
        }

        if (query.Top < 1)
        {
            throw Refuse(nameof(UsageQuery.Top), $"Top is {query.Top}; it must be 1 or more, or null for every group.");
        }

        if (query.ForecastTo is { } until && until <= query.To)
        {
            throw Refuse(nameof(UsageQuery.ForecastTo), $"ForecastTo is {until:O}, which is not after To, {query.To:O}. Set it to the end of the period, and To to now.");
        }

        CheckDimensions(query.GroupBy);
        CheckFilters(query.Filters);
    }

    /// <summary>Refuses a report that has become too long.</summary>
    public static UsageQueryException TooManyRows() => Refuse(
        nameof(UsageQuery.GroupBy), $"The report has more than {MaxRows:N0} rows. Filter it, group by fewer dimensions, or use a longer Bucket or a shorter range.");

    private static void CheckDimensions(IReadOnlyList<UsageDimension> dimensions)
    {
        if (dimensions.Count > MaxDimensions)
        {
            throw Refuse(nameof(UsageQuery.GroupBy), $"GroupBy has {dimensions.Count} dimensions; at most {MaxDimensions} are allowed. Leave some out, or ask several queries.");
        }

        for (int i = 0; i < dimensions.Count; i++)
        {
            CheckDimension(dimensions[i], nameof(UsageQuery.GroupBy));
            if (dimensions.Take(i).Contains(dimensions[i]))
            {
                throw Refuse(nameof(UsageQuery.GroupBy), $"GroupBy has {dimensions[i]} twice. Leave one out.");
            }
        }
    }

    private static void CheckFilters(IReadOnlyList<UsageFilter> filters)
    {
        if (filters.Count > MaxFilters)
        {
            throw Refuse(nameof(UsageQuery.Filters), $"There are {filters.Count} filters; at most {MaxFilters} are allowed. Put values of one dimension into one filter.");
        }

        foreach (UsageFilter filter in filters)
        {
            CheckDimension(filter.Dimension, nameof(UsageQuery.Filters));
            if (filter.Values.Count is 0 or > MaxFilterValues)
            {
                throw Refuse(nameof(UsageQuery.Filters), $"The filter on {filter.Dimension} has {filter.Values.Count} values; give 1 to {MaxFilterValues}. An empty value keeps requests that have none.");
            }
        }
    }

    // A dimension that was never set.
    private static void CheckDimension(UsageDimension dimension, string parameter)
    {
        if (dimension.Name.Length == 0)
        {
            throw Refuse(parameter, $"{parameter} holds a dimension without a name. Use UsageDimension's properties or Tag(key); known: {string.Join(", ", UsageDimension.All)}, tag:<key>.");
        }
    }

    private static UsageQueryException Refuse(string parameter, FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture), parameter);
}
