using IntegrationLayer.Sdk.Usage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>What SQLite is taught about histograms of latencies. Registered below Microsoft.Data.Sqlite, which would copy and box every argument.</summary>
internal static class SqliteFunctions
{
    /// <summary>The aggregate that counts classes.</summary>
    public const string CountClasses = "il_count_classes";

    /// <summary>The aggregate that adds histograms up.</summary>
    public const string MergeHistograms = "il_merge_histograms";

    /// <summary>The function that adds two histograms up.</summary>
    public const string Merge = "il_merge";

    /// <summary>Registers the functions on a connection.</summary>
    public static void Register(SqliteConnection connection)
    {
        sqlite3 db = connection.Handle!;
        Check(raw.sqlite3_create_function(db, CountClasses, 1, null, CountStep, Finish), connection);
        Check(raw.sqlite3_create_function(db, MergeHistograms, 1, null, MergeStep, Finish), connection);
        Check(raw.sqlite3_create_function(db, Merge, 2, raw.SQLITE_DETERMINISTIC, null, MergeTwo), connection);
    }

    private static void CountStep(sqlite3_context context, object data, sqlite3_value[] arguments)
    {
        LatencyHistogram histogram = HistogramOf(context);
        if (raw.sqlite3_value_type(arguments[0]) == raw.SQLITE_INTEGER)
        {
            histogram.AddClass(raw.sqlite3_value_int(arguments[0]));
        }
    }

    private static void MergeStep(sqlite3_context context, object data, sqlite3_value[] arguments) =>
        HistogramOf(context).Add(raw.sqlite3_value_blob(arguments[0]));

    private static void MergeTwo(sqlite3_context context, object data, sqlite3_value[] arguments)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(raw.sqlite3_value_blob(arguments[0]));
        histogram.Add(raw.sqlite3_value_blob(arguments[1]));
        Return(context, histogram);
    }

    private static void Finish(sqlite3_context context, object data) =>
        Return(context, context.state as LatencyHistogram ?? new LatencyHistogram());

    private static void Return(sqlite3_context context, LatencyHistogram histogram)
    {
        if (histogram.Count == 0)
        {
            // No bytes would become NULL.
            raw.sqlite3_result_zeroblob(context, 0);
            return;
        }

        raw.sqlite3_result_blob(context, histogram.ToBytes());
    }

    private static LatencyHistogram HistogramOf(sqlite3_context context)
    {
        if (context.state is not LatencyHistogram histogram)
        {
            context.state = histogram = new LatencyHistogram();
        }

        return histogram;
    }

    private static void Check(int result, SqliteConnection connection) => SqliteException.ThrowExceptionForRC(result, connection.Handle);
}
