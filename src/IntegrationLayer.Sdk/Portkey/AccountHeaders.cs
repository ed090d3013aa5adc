using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>The headers that are the same for every call of an account, checked once.</summary>
internal sealed class AccountHeaders
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    private AccountHeaders(ProviderAccount account, PortkeyOptions options)
    {
        Add(PortkeyHeaders.ApiKey, options.ApiKey);
        Add(PortkeyHeaders.StrictCompliance, options.StrictOpenAiCompliance ? "true" : "false");
        Add(PortkeyHeaders.Provider, ProviderOf(account));
        Add(PortkeyHeaders.VirtualKey, account.VirtualKey);
        Add(PortkeyHeaders.Config, account.ConfigId);
        Add(PortkeyHeaders.CustomHost, account.CustomHost?.AbsoluteUri.TrimEnd('/'));
        Add(PortkeyHeaders.Authorization, string.IsNullOrEmpty(account.ApiKey) ? null : $"Bearer {account.ApiKey}");
        foreach ((string name, string value) in account.Headers)
        {
            if (name.Equals(PortkeyHeaders.ForwardHeaders, StringComparison.OrdinalIgnoreCase))
            {
                ForwardHeaders = value;
            }
            else
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Gets the names and values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _headers;

    /// <summary>Gets the names of headers that the account wants passed on to the provider.</summary>
    public string? ForwardHeaders { get; }

    /// <summary>Gets how many bytes they take on the wire.</summary>
    public int Size { get; private set; }

    /// <summary>Gets the headers of an account.</summary>
    /// <exception cref="LlmException">One of them can't be sent.</exception>
    public static AccountHeaders Of(ProviderAccount account, PortkeyOptions options)
    {
        if (options.AccountHeaders.TryGetValue(account, out AccountHeaders? known))
        {
            return known;
        }

        AccountHeaders headers = new(account, options);
        options.AccountHeaders.AddOrUpdate(account, headers);
        return headers;
    }

    // A virtual key or a saved configuration names the provider itself.
    private static string? ProviderOf(ProviderAccount account)
    {
        if (!string.IsNullOrEmpty(account.PortkeyProvider))
        {
            return account.PortkeyProvider.StartsWith('@') ? account.PortkeyProvider : $"@{account.PortkeyProvider}";
        }

        bool isNamedElsewhere = account.VirtualKey is not null || (account.ConfigId is not null && account.ApiKey is null);
        return isNamedElsewhere ? null : account.Provider;
    }

    private void Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (HeaderRules.Check(name, value) is { } error)
        {
            throw PortkeyFailures.InvalidRequest(error);
        }

        _headers.Add(new(name, value));
        Size += HeaderRules.Size(name, value);
    }
}
