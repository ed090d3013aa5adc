using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Reads the status of everything in the configuration in force.</summary>
internal sealed class ProviderStatus(ConfigurationSource configuration, HealthRegistry registry) : IProviderStatus
{
    public IReadOnlyList<HealthStatus> GetStatus()
    {
        ConfigurationSnapshot current = configuration.Current;
        var all = new List<HealthStatus>(current.Deployments.All.Length + 8);
        foreach (Deployment deployment in current.Deployments.All)
        {
            all.Add(Of(deployment, current.Health[deployment.Index], current.Latencies));
        }

        foreach (IGrouping<ProviderAccount, Deployment> account in current.Deployments.All.GroupBy(d => d.Account))
        {
            all.Add(Of(registry.Get(HealthKind.Account, account.Key.Name)) with
            {
                Provider = account.Key.Provider,
                Account = account.Key.Name,
                InFlight = account.Sum(d => current.Health[d.Index].InFlight),
            });
        }

        all.AddRange(registry.Breakers.Where(b => b.Kind is HealthKind.Gateway).OrderBy(b => b.Name, StringComparer.OrdinalIgnoreCase).Select(Of));
        return all;
    }

    private static HealthStatus Of(Deployment deployment, DeploymentHealth health, LatencyTable latencies)
    {
        (long? requests, long? tokens) = health.Headroom?.Left() ?? default;
        return Of(health.Breaker) with
        {
            Provider = deployment.Provider,
            Account = deployment.Account.Name,
            InFlight = health.InFlight,
            MaxConcurrency = deployment.MaxConcurrency,
            TimeToFirstToken = TimeOf(latencies.FirstTokenMs[deployment.Index]),
            TimePerToken = TimeOf(latencies.PerTokenMs[deployment.Index]),
            RemainingRequests = requests,
            RemainingTokens = tokens,
        };
    }

    private static HealthStatus Of(CircuitBreaker breaker)
    {
        (HealthVerdict verdict, CallCounts counts, DateTimeOffset since) = breaker.Report();
        return new HealthStatus
        {
            Kind = breaker.Kind,
            Name = breaker.Name,
            State = verdict.State,
            Since = since,
            Until = verdict.Until,
            Reason = verdict.Reason,
            Calls = counts.Total,
            ErrorRatio = counts.ErrorRatio,
        };
    }

    private static TimeSpan? TimeOf(double milliseconds) => double.IsNaN(milliseconds) ? null : TimeSpan.FromMilliseconds(milliseconds);
}
