using System.Net;
using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Which custom hosts a gateway takes.</summary>
/// <remarks>
/// The open-source gateway (1.15.2) trusts localhost, 127.0.0.1 and host.docker.internal, and refuses other private addresses and internal names, lest a
/// caller reach them through it. The variable <c>TRUSTED_CUSTOM_HOSTS</c> of the gateway replaces the list of trusted hosts.
/// </remarks>
internal static class CustomHostRules
{
    private static readonly string[] Trusted = ["localhost", "127.0.0.1", "host.docker.internal"];
    private static readonly string[] RefusedEndings =
        [".local", ".internal", ".corp", ".lan", ".home", ".intranet", ".test", ".invalid", ".onion", ".localdomain"];

    /// <summary>Checks what no gateway takes.</summary>
    /// <returns>What is wrong, with the cure; <see langword="null"/> if nothing.</returns>
    public static string? Check(Uri host)
    {
        if (!host.IsAbsoluteUri || host.Scheme is not ("http" or "https"))
        {
            return $"CustomHost '{SafeAddress.Of(host)}' must be an absolute address that begins with http:// or https://.";
        }

        if (host.UserInfo.Length > 0)
        {
            return "CustomHost must not hold a user name or password. Put the credential into ApiKey or Headers.";
        }

        if (host.AbsoluteUri.Contains("api.portkey", StringComparison.OrdinalIgnoreCase))
        {
            return "CustomHost is the provider's address, not Portkey's. Portkey's goes into Portkey:Endpoint.";
        }

        return host.Query.Length > 0 || host.Fragment.Length > 0
            ? "CustomHost must have no query and no fragment: the path of the operation is appended to it."
            : null;
    }

    /// <summary>Says whether an open-source gateway refuses the host unless it is told to trust it.</summary>
    public static bool IsRefused(Uri host)
    {
        string name = host.Host.Trim('[', ']').ToLowerInvariant();
        if (Trusted.Contains(name) || name.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return false;
        }

        return IPAddress.TryParse(name, out IPAddress? address)
            ? IsPrivate(address)
            : Array.Exists(RefusedEndings, ending => name.EndsWith(ending, StringComparison.Ordinal));
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal || address.IsIPv4MappedToIPv6;
        }

        byte[] bytes = address.GetAddressBytes();
        return bytes[0] is 0 or 10 or 127 or >= 224
            || (bytes[0] == 100 && bytes[1] is >= 64 and < 128)
            || (bytes[0] == 169 && bytes[1] == 254)
            || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
            || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 198 && (bytes[1] & 0xFE) == 18);
    }
}
