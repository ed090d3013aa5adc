using IntegrationLayer.Sdk.Analytics.Storage;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Analytics;

/// <summary>What is done now and then: journals of dead processes each minute, records past their time each hour.</summary>
internal sealed class Upkeep(Recovery recovery, IUsageDatabase database, AnalyticsOptions options, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan RecoverEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        DateTimeOffset pruned = DateTimeOffset.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await recovery.RunAsync(stopping).ConfigureAwait(false);
                if (timeProvider.GetUtcNow() - pruned >= PruneEvery)
                {
                    await database.PruneAsync(KeptTimes.At(timeProvider.GetUtcNow(), options), stopping).ConfigureAwait(false);
                    pruned = timeProvider.GetUtcNow();
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // The database is away or busy; the next round tries again.
                Log.UpkeepFailed(logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(RecoverEvery, timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
