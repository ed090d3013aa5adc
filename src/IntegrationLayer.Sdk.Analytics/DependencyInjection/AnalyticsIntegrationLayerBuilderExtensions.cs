using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Postgres;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Telemetry;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers durable usage stores.</summary>
public static class AnalyticsIntegrationLayerBuilderExtensions
{
    /// <summary>Keeps usage records in a SQLite file. Several processes of one host may share it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file, on a local disk. It and its folder are made if they don't exist. The journal is beside it, as <c>usage.db.journal</c>, unless <see cref="AnalyticsOptions.JournalPath"/> says otherwise.</param>
    /// <param name="configure">Sets the journal's place and limits, and how long records are kept.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The path is no path of a file.</exception>
    public static IIntegrationLayerBuilder UseSqliteAnalytics(this IIntegrationLayerBuilder builder, string path, Action<AnalyticsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || path.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The path of the usage database is '{path}'. Give the path of a file, such as \"data/usage.db\": no connection string, and no database in memory, which is there without UseSqliteAnalytics.", nameof(path));
        }

        return builder.UseAnalytics(configure, path + ".journal", static (path, options, p) => new SqliteUsageDatabase(path, options, p.GetRequiredService<TimeProvider>()), path);
    }

    /// <summary>Keeps usage records in PostgreSQL 13 or newer. Any number of processes may share it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">Where, as Npgsql writes it: <c>Host=db;Database=usage;Username=il</c>. The tables are made in the schema that comes first in the search path.</param>
    /// <param name="configure">Sets the journal's place and limits, and how long records are kept. Set <see cref="AnalyticsOptions.JournalPath"/> to a volume where containers come and go.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The connection string can't be read, or names no host.</exception>
    public static IIntegrationLayerBuilder UsePostgresAnalytics(this IIntegrationLayerBuilder builder, string connectionString, Action<AnalyticsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        PostgresConnectionString.Check(connectionString);
        return builder.UseAnalytics(
            configure, JournalOfUser, static (connection, options, p) => PostgresUsageDatabase.Create(connection, options, p.GetRequiredService<TimeProvider>()), connectionString);
    }

    /// <summary>Keeps usage records in PostgreSQL 13 or newer, reached by a data source of your own, which may renew its password.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">Gets the data source; it is not disposed of.</param>
    /// <param name="configure">Sets the journal's place and limits, and how long records are kept.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UsePostgresAnalytics(this IIntegrationLayerBuilder builder, Func<IServiceProvider, NpgsqlDataSource> dataSource, Action<AnalyticsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.UseAnalytics(
            configure, JournalOfUser, static (source, options, p) => new PostgresUsageDatabase(source(p), ownsDataSource: false, options, p.GetRequiredService<TimeProvider>()), dataSource);
    }

    private static string JournalOfUser =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "IntegrationLayer.Sdk", "usage-journal");

    private static IIntegrationLayerBuilder UseAnalytics<T>(
        this IIntegrationLayerBuilder builder, Action<AnalyticsOptions>? configure, string journalPath, Func<T, AnalyticsOptions, IServiceProvider, IUsageDatabase> database, T where)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<AnalyticsOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AnalyticsOptions>, AnalyticsOptionsValidator>());
        services.Replace(ServiceDescriptor.Singleton(p =>
        {
            AnalyticsOptions options = p.GetRequiredService<IOptions<AnalyticsOptions>>().Value;
            LlmTelemetry telemetry = p.GetRequiredService<LlmTelemetry>();
            return new DurableUsageStore(
                database(where, options, p), options.JournalPath ?? journalPath, options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<DurableUsageStore>>())
            {
                Lost = count => telemetry.Instruments.RecordsDropped?.Add(count),
            };
        }));
        services.Replace(ServiceDescriptor.Singleton<IUsageStore>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.Replace(ServiceDescriptor.Singleton<IUsageAnalytics>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.Replace(ServiceDescriptor.Singleton<IUsageStoreMonitor>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UsageStoreService>());
        return builder;
    }
}
