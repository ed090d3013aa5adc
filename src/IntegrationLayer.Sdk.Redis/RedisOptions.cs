using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis;

/// <summary>How to reach Redis, and under which names the SDK keeps its data there. Checked when the application starts.</summary>
public sealed class RedisOptions
{
    /// <summary>Gets or sets the servers and settings as StackExchange.Redis writes them, such as <c>redis.internal:6380,ssl=true,password=…</c>.</summary>
    /// <value>Needed unless <see cref="ConfigurationOptions"/> is set.</value>
    public string? Configuration { get; set; }

    /// <summary>Gets or sets the servers and settings as an object, instead of <see cref="Configuration"/>. It is copied.</summary>
    /// <value>
    /// The SDK changes two settings on its copy: <c>AbortOnConnectFail</c> is off, since an application must start without Redis, and the backlog
    /// fails fast, since a request must not wait for a connection to come back.
    /// </value>
    public ConfigurationOptions? ConfigurationOptions { get; set; }

    /// <summary>Gets or sets what the names of all keys begin with: applications that share a Redis, but not their budgets and answers, have one each.</summary>
    /// <value>From 1 to 64 of the characters <c>a-z A-Z 0-9 : _ . -</c>; the default is <c>il</c>.</value>
    public string KeyPrefix { get; set; } = "il";
}
