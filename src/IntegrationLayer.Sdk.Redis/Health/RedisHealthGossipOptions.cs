namespace IntegrationLayer.Sdk.Redis.Health;

/// <summary>How processes tell each other of what is ill. Checked when the application starts.</summary>
public sealed class RedisHealthGossipOptions
{
    /// <summary>Gets or sets the secret that all processes share: what isn't signed with it is not believed. Keep it where you keep API keys.</summary>
    /// <value>At least 16 characters; there is no default.</value>
    public string Key { get; set; } = "";

    /// <summary>Gets or sets how long something is left alone at most because another process said so; a process that calls it finds out for itself.</summary>
    /// <value>From 1 second to 1 day; the default is 15 minutes.</value>
    public TimeSpan MaxRest { get; set; } = TimeSpan.FromMinutes(15);
}
