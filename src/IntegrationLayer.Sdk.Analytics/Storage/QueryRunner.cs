using System.Data.Common;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Answers queries over a connection. Give it a transaction that sees one state of the database.</summary>
internal sealed class QueryRunner(SqlDialect dialect, DbConnection connection, DbTransaction transaction, TimeSpan timeout)
{
    /// <summary>Reads from when on the tables have everything.</summary>
    public async Task<KeptTimes> ReadKeptAsync(CancellationToken cancellationToken)
    {
        var kept = new KeptTimes();
        using DbCommand command = Command("SELECT name, value FROM il_meta WHERE name LIKE 'kept:%'");
        DbDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable reading = rows.ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            string table = rows.GetString(0)["kept:".Length..];
            if (UsageLevel.All.FirstOrDefault(level => level.Table == table) is { } known)
            {
                kept[known] = rows.GetInt64(1);
            }
        }

        return kept;
    }

    /// <summary>Answers a query.</summary>
    public async Task<UsageReport> RunAsync(UsageQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var report = new UsageReportBuilder(query);
        KeptTimes kept = await ReadKeptAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<QueryPart> parts = QueryPlan.Of(query, kept).Parts;
        foreach (QueryPart part in parts)
        {
            await AddAsync(report, query, part, cancellationToken).ConfigureAwait(false);
        }

        UsageReport made = report.Build(now);
        return parts.Count == 0 ? made : made with
        {
            From = Earlier(made.From, new DateTimeOffset(parts[0].From, TimeSpan.Zero)),
            To = Later(made.To, new DateTimeOffset(parts[^1].To, TimeSpan.Zero)),
        };
    }

    private async Task AddAsync(UsageReportBuilder report, UsageQuery query, QueryPart part, CancellationToken cancellationToken)
    {
        using DbCommand command = Command("");
        var statement = new QueryStatement(query, part, dialect);
        command.CommandText = statement.Text;
        foreach ((string name, object value) in statement.Parameters)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        int dimensions = query.GroupBy.Count;
        DbDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable reading = rows.ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (TotalsColumns.Read(rows, dimensions + 1) is not { } totals)
            {
                continue;
            }

            string[] group = new string[dimensions];
            for (int i = 0; i < dimensions; i++)
            {
                group[i] = rows.GetString(i + 1);
            }

            report.Add(new DateTimeOffset(statement.TicksOf(rows.GetInt64(0)), TimeSpan.Zero), group, totals);
        }
    }

    private DbCommand Command(string text)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        command.CommandTimeout = (int)timeout.TotalSeconds;
        return command;
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
