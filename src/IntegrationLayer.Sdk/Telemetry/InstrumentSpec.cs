namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>An instrument as it is declared: what it is made from, what its page in the docs says, and what bounds it.</summary>
/// <param name="Row">Its row in the table; a few rows have several instruments.</param>
/// <param name="Level">The first level that has it.</param>
/// <param name="Kind">What it does with values.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit, in UCUM.</param>
/// <param name="Description">What a value is.</param>
internal sealed record InstrumentSpec(int Row, TelemetryLevel Level, InstrumentKind Kind, string Name, string Unit, string Description)
{
    /// <summary>The most sets of attributes that an instrument has whose attributes come together from a request: <see cref="SetLimit"/> sees to it.</summary>
    public const int MostSets = 1_000;

    /// <summary>Gets the attributes.</summary>
    public IReadOnlyList<AttributeSpec> Attributes { get; init; } = [];

    /// <summary>Gets the boundaries of a histogram's buckets, as advice.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>Gets who records it.</summary>
    public InstrumentSource Source { get; init; }

    /// <summary>Gets its name in the newest conventions, if it has another there.</summary>
    public string? LatestName { get; init; }

    /// <summary>Gets a value indicating whether the newest conventions have no such instrument.</summary>
    public bool IsReplacedInLatest { get; init; }

    /// <summary>Gets the most time series that one process makes of it, a histogram's buckets not counted.</summary>
    public int MaxSeries
    {
        get
        {
            long product = 1;
            foreach (AttributeSpec attribute in Attributes)
            {
                product = Math.Min(product * attribute.Maximum, int.MaxValue);
            }

            return (int)Math.Min(product, MostSets + (AttributeSpec.Overflow * Attributes.Count));
        }
    }
}
