using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>Makes rumors of what changes here, and lets those of others count here: as little as they deserve.</summary>
/// <remarks>
/// A rest is taken over, at most for a while. That something has failed elsewhere only makes the next failure here decide. Nobody is told well, and nothing is believed that is
/// old, of something else than what bears the name here, or too much at once.
/// </remarks>
internal sealed class RumorMill(RumorSeal seal, TimeSpan maxRest, TimeProvider time, Func<HealthRegistry> health, Func<ConfigurationSource> configuration)
{
    private const int MostASecond = 100;
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(30);

    // What is heard is told on by nobody: all have heard it.
    [ThreadStatic]
    private static bool _isHearing;

    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Lock _gate = new();
    private long _second;
    private int _heard;

    /// <summary>Says what there is to tell of a change.</summary>
    /// <returns><see langword="null"/> if it is nothing that others need to know.</returns>
    public Rumor? Of(in HealthChange change)
    {
        if (_isHearing || change.To is not (HealthState.Open or HealthState.Cooling or HealthState.Benched))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        TimeSpan rest = change.Until is { } until ? until - now : maxRest;
        return rest <= TimeSpan.Zero || SubjectOf(change.Kind, change.Name) is not { } subject ? null
            : new Rumor(_self, now, change.Kind, change.Name, subject, change.To, rest);
    }

    /// <summary>Lets a rumor count.</summary>
    /// <returns>Whether it did.</returns>
    public bool Hear(Rumor? rumor)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isNews = rumor is not null && rumor.Sender != _self && (now - rumor.SentAt).Duration() <= LongestAge;
        if (!isNews || !HasTime() || rumor!.Subject != SubjectOf(rumor.Kind, rumor.Name) || health().Find(rumor.Kind, rumor.Name) is not { } breaker)
        {
            return false;
        }

        TimeSpan age = now > rumor.SentAt ? now - rumor.SentAt : TimeSpan.Zero;
        TimeSpan rest = (rumor.Rest < maxRest ? rumor.Rest : maxRest) - age;
        if (rest <= TimeSpan.Zero)
        {
            return false;
        }

        _isHearing = true;
        try
        {
            breaker.Hear(rumor.State, rest);
        }
        finally
        {
            _isHearing = false;
        }

        return true;
    }

    // Another model, another account or another credential under the same name is something else.
    private string? SubjectOf(HealthKind kind, string name)
    {
        if (kind is HealthKind.Gateway)
        {
            return seal.Digest(name);
        }

        Deployment? deployment = Array.Find(configuration().Current.Deployments.All, d =>
            string.Equals(kind is HealthKind.Account ? d.Account.Name : d.Name, name, StringComparison.OrdinalIgnoreCase));
        return deployment is not { Account: var account } ? null : seal.Digest(string.Join(
            '\n', account.Provider, account.ApiKey, account.PortkeyProvider, account.VirtualKey, account.ConfigId, account.CustomHost, kind is HealthKind.Deployment ? deployment.ModelId : ""));
    }

    private bool HasTime()
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            (_second, _heard) = second == _second ? (second, _heard + 1) : (second, 1);
            return _heard <= MostASecond;
        }
    }
}
