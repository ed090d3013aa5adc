using IntegrationLayer.Sdk.Analytics.Storage;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>PostgreSQL's language. It has no functions for histograms: their parts come out one behind the other, and are added up on this side.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    public static PostgresDialect Instance { get; } = new();

    public override string Id => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    public override string Integer => "BIGINT";

    public override string SmallInteger => "SMALLINT";

    public override string Real => "REAL";

    public override string Bytes => "BYTEA";

    public override string KeyedTable => "";

    // Any number will do that nobody else uses: the letters "ilusage".
    public override string LockSchema => "SELECT pg_advisory_xact_lock(29667640634468197)";

    public override string Moment(string ticks) => $"to_timestamp(({ticks} - 621355968000000000) / 10000000.0)";

    public override string Tag(string key) => $"(u.tags::jsonb ->> {key})";

    public override string CountClasses(string classes) => $"array_agg({classes}) FILTER (WHERE {classes} IS NOT NULL)";

    public override string MergeHistograms(string histograms) => $"string_agg({histograms}, ''::bytea)";
}
