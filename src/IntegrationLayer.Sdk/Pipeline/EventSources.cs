using System.Text.Json;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>Writes down what happens, for those who listen.</summary>
/// <param name="source">Gives who hands events on: it is made when somebody needs it, not with those who watch over health.</param>
internal sealed class EventSources(Func<EventHub> source) : IHealthObserver, IBudgetObserver
{
    /// <summary>Lets a hub hear of the configuration, of the cache, and of what it loses itself.</summary>
    public static void Connect(EventHub hub, ConfigurationSource configuration, CacheInvalidations invalidations, LlmTelemetry telemetry)
    {
        var types = new ValueGuard(Attributes.EventType.Maximum);
        hub.OnDropped = type => telemetry.Instruments.EventsDropped?.Add(1, new KeyValuePair<string, object?>(Attributes.EventType.Name, types.Admit(type)));
        ConfigurationSnapshot before = configuration.Current;
        configuration.Reloaded += (current, isAccepted) =>
        {
            hub.Publish(IntegrationEventTypes.ConfigurationChanged, null, (current.Deployments.All.Length, isAccepted), static (json, change) =>
            {
                json.WriteBoolean("accepted", change.isAccepted);
                json.WriteNumber("deployments", change.Length);
            });
            Rotated(hub, Interlocked.Exchange(ref before, current), current);
        };
        invalidations.Invalidated += labels => hub.Publish(IntegrationEventTypes.CacheInvalidated, null, labels, static (json, count) => json.WriteNumber("labels", count));
    }

    // The credential itself is told to nobody.
    private static void Rotated(EventHub hub, ConfigurationSnapshot before, ConfigurationSnapshot current)
    {
        foreach ((string name, AccountOptions account) in current.Options.Accounts)
        {
            if (before.Options.Accounts.TryGetValue(name, out AccountOptions? old)
                && (old.ApiKey != account.ApiKey || old.VirtualKey != account.VirtualKey || old.PortkeyProvider != account.PortkeyProvider))
            {
                hub.Publish(IntegrationEventTypes.CredentialRotated, name, account.Provider, static (json, provider) => json.WriteString("provider", provider));
            }
        }
    }

    /// <summary>Tells of a finished request.</summary>
    public static void Finished(EventHub hub, CallRecord call)
    {
        if (!hub.HasListeners)
        {
            return;
        }

        for (int i = 1; i < call.Attempts.Count; i++)
        {
            if (call.Attempts[i - 1] is { Error: not LlmErrorClass.None } failed && failed.Deployment != call.Attempts[i].Deployment && !failed.IsHedge && !call.Attempts[i].IsHedge)
            {
                hub.Publish(IntegrationEventTypes.Failover, call.RequestId, (From: failed, To: call.Attempts[i]), static (json, pair) =>
                {
                    json.WriteString("from", pair.From.Deployment);
                    json.WriteString("to", pair.To.Deployment);
                    json.WriteString("error", LlmErrorTypes.NameOf(pair.From.Error));
                });
            }
        }

        if (call is { HasOtherModel: true, Receipt: { } receipt })
        {
            hub.Publish(IntegrationEventTypes.ModelMismatch, call.RequestId, receipt, static (json, answered) =>
            {
                json.WriteString("deployment", answered.Deployment);
                json.WriteString("asked", answered.Model);
                json.WriteString("served", answered.ModelServed);
            });
        }

        hub.Publish(IntegrationEventTypes.RequestFinished, call.RequestId, call, WriteRequest);
    }

    public void Changed(in HealthChange change)
    {
        if (source() is { HasListeners: true } hub)
        {
            hub.Publish(IntegrationEventTypes.HealthChanged, change.Name, change, static (json, health) =>
            {
                json.WriteString("kind", health.Kind.ToString());
                json.WriteString("from", health.From.ToString());
                json.WriteString("to", health.To.ToString());
                if (health.Until is { } until)
                {
                    json.WriteString("until", until);
                }

                json.WriteString("reason", health.Reason);
            });
        }
    }

    public void OnBudgetEvent(BudgetEvent budgetEvent)
    {
        if (source() is { HasListeners: true } hub)
        {
            hub.Publish(IntegrationEventTypes.Budget, budgetEvent.Limit.Scope.ToString(), budgetEvent, static (json, budget) =>
            {
                json.WriteString("kind", budget.Kind.ToString());
                json.WriteString("limit", budget.Limit.ToString());
                json.WriteNumber("threshold", budget.Threshold);
                json.WriteNumber("used", budget.Used);
                json.WriteNumber("amount", budget.Amount);
            });
        }
    }

    private static void WriteRequest(Utf8JsonWriter json, CallRecord call)
    {
        json.WriteString("outcome", call.Outcome);
        json.WriteString("error", call.ErrorType);
        json.WriteString("operation", call.Request.Context.Operation);
        json.WriteString("tenant", call.Request.Context.TenantId);
        json.WriteString("traceId", call.TraceId);
        json.WriteString("deployment", call.Receipt?.Deployment);
        json.WriteString("provider", call.Receipt?.Provider);
        json.WriteString("model", call.Receipt?.Model);
        json.WriteString("cache", call.Receipt?.Cache.ToString());
        json.WriteBoolean("stream", call.IsStreamed);
        json.WriteNumber("attempts", call.Attempts.Count);
        json.WriteNumber("costUsd", call.Receipt?.Cost.Usd ?? call.Spent.Usd);
        json.WriteNumber("savedUsd", call.Receipt?.SavingUsd ?? 0m);
        json.WriteNumber("durationMs", call.Duration.TotalMilliseconds);
        json.WriteNumber("inputTokens", call.Receipt?.Tokens.TotalInput ?? 0);
        json.WriteNumber("outputTokens", call.Receipt?.Tokens.TotalOutput ?? 0);
    }
}
