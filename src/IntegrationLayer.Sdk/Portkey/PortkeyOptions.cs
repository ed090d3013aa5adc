using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>How to reach the Portkey gateway, hosted or your own, and what to accept from it.</summary>
public sealed class PortkeyOptions
{
    /// <summary>The most <see cref="Endpoints"/>.</summary>
    internal const int MostEndpoints = 64;

    private static readonly Uri Default = new("https://api.portkey.ai/v1/");

    /// <summary>Gets or sets the address of the gateway, version included.</summary>
    /// <value>The default is hosted Portkey, <c>https://api.portkey.ai/v1/</c>. An open-source gateway listens on <c>http://localhost:8787/v1/</c>.</value>
    public Uri Endpoint { get; set; } = Default;

    /// <summary>Gets several gateways to share the calls, in place of <see cref="Endpoint"/>: each takes over when another can't be reached. They must serve the same accounts.</summary>
    /// <value>At most 64. The default is none: <see cref="Endpoint"/> alone is called.</value>
    public IList<PortkeyEndpointOptions> Endpoints { get; } = [];

    /// <summary>Gets or sets the Portkey API key. Hosted Portkey needs one, an open-source gateway ignores it.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets whether answers are reduced to what OpenAI's protocol knows; off keeps a provider's own extras, such as reasoning text.</summary>
    /// <value>The default is <see langword="false"/>, as in Portkey's own SDKs.</value>
    public bool StrictOpenAiCompliance { get; set; }

    /// <summary>Gets or sets the largest body of a whole answer, decompressed, in bytes.</summary>
    /// <value>At least 1,024; the default is 16 MiB.</value>
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Gets or sets the largest event of a stream, in bytes.</summary>
    /// <value>At least 1,024; the default is 1 MiB.</value>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets the largest stream, in bytes.</summary>
    /// <value>At least 1,024; the default is 64 MiB.</value>
    public int MaxStreamBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Gets or sets how long a connection to the gateway may take to be made.</summary>
    /// <value>From 10 ms to 5 minutes; the default is 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets whether a gateway that doesn't speak TLS 1.3 may be called over TLS 1.2.</summary>
    /// <value>The default is <see langword="false"/>: hosted Portkey speaks TLS 1.3. Read once, when the first connection is made.</value>
    public bool AllowTls12 { get; set; }

    /// <summary>Gets or sets whether to speak HTTP/2 with the gateway: over https if it agrees, over http as if it had.</summary>
    /// <value>The default is <see langword="false"/>: the open-source gateway doesn't speak it, and a lost connection takes one call with it, not a hundred.</value>
    public bool Http2 { get; set; }

    /// <summary>Gets or sets whether the gateway is Portkey's hosted one or an enterprise one that knows virtual keys, saved configurations and the model catalogue.</summary>
    /// <value>When <see langword="null"/>, the default, it is taken for hosted if <see cref="Endpoint"/>'s host is <c>portkey.ai</c> or ends in <c>.portkey.ai</c>.</value>
    public bool? Hosted { get; set; }

    /// <summary>Gets a value indicating whether the gateway knows what only hosted gateways know; see <see cref="Hosted"/>.</summary>
    internal bool IsHosted => Hosted
        ?? (Endpoint.IsAbsoluteUri
            && (Endpoint.Host.Equals("portkey.ai", StringComparison.OrdinalIgnoreCase) || Endpoint.Host.EndsWith(".portkey.ai", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Gets a value indicating whether <see cref="Endpoint"/> was set.</summary>
    internal bool HasOwnEndpoint => !ReferenceEquals(Endpoint, Default);

    /// <summary>Gets the headers of accounts, made once for these options.</summary>
    internal ConditionalWeakTable<ProviderAccount, AccountHeaders> AccountHeaders { get; private set; } = [];

    /// <summary>Gets the options for one of several gateways, as if it were the only one.</summary>
    internal PortkeyOptions For(PortkeyEndpointOptions endpoint)
    {
        var options = (PortkeyOptions)MemberwiseClone();
        options.AccountHeaders = [];
        options.Endpoint = endpoint.Address!;
        options.Hosted = endpoint.Hosted ?? Hosted;
        options.ApiKey = endpoint.ApiKey ?? (options.IsHosted ? ApiKey : null);
        return options;
    }
}
