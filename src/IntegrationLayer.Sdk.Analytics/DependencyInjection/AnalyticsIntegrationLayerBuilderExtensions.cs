using IntegrationLayer.Sdk.Analytics;
using IntegrationLayer.Sdk.Analytics.Sqlite;
using IntegrationLayer.Sdk.Analytics.Storage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers durable usage stores.</summary>
public static class AnalyticsIntegrationLayerBuilderExtensions
{
    /// <summary>Keeps usage records in a SQLite file. Several processes of one host may share it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file, on a local disk. It and its folder are made if they don't exist.</param>
    /// <param name="configure">Sets the journal's place and limits, and how long records are kept.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The path is no path.</exception>
    public static IIntegrationLayerBuilder UseSqliteAnalytics(this IIntegrationLayerBuilder builder, string path, Action<AnalyticsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || path.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The path of the usage database is '{path}'. Give the path of a file, such as \"data/usage.db\": no connection string, and no database in memory, which is there without UseSqliteAnalytics.", nameof(path));
        }

        return builder.UseAnalytics(
            configure,
            p => new SqliteUsageDatabase(path, OptionsOf(p), p.GetRequiredService<TimeProvider>()),
            _ => path + ".journal");
    }

    private static IIntegrationLayerBuilder UseAnalytics(
        this IIntegrationLayerBuilder builder, Action<AnalyticsOptions>? configure, Func<IServiceProvider, IUsageDatabase> database, Func<IServiceProvider, string> journalPath)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<AnalyticsOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AnalyticsOptions>, AnalyticsOptionsValidator>());
        services.Replace(ServiceDescriptor.Singleton(p => new DurableUsageStore(
            database(p), OptionsOf(p).JournalPath ?? journalPath(p), OptionsOf(p), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<DurableUsageStore>>())));
        services.Replace(ServiceDescriptor.Singleton<IUsageStore>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.Replace(ServiceDescriptor.Singleton<IUsageAnalytics>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.Replace(ServiceDescriptor.Singleton<IUsageStoreMonitor>(static p => p.GetRequiredService<DurableUsageStore>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UsageStoreService>());
        return builder;
    }

    private static AnalyticsOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<AnalyticsOptions>>().Value;
}
