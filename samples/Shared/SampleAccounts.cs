using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Samples;

/// <summary>
/// The accounts that a sample routes among. PORTKEY_PROVIDERS names yours, as <c>name:provider:model,model;name:provider:model</c>:
/// <c>openai-prod:openai:gpt-4o-mini,gpt-4o;claude:anthropic:claude-haiku-4-5</c>. At hosted Portkey the name is the slug in its model catalogue.
/// </summary>
internal static class SampleAccounts
{
    private const string Variable = "PORTKEY_PROVIDERS";

    private const string Scripted =
        "openai:openai:gpt-4o-mini,gpt-4.1-mini,gpt-4o,text-embedding-3-small;"
        + "anthropic:anthropic:claude-haiku-4-5,claude-sonnet-4-5;"
        + "google:google:gemini-2.5-flash,gemini-2.5-pro";

    /// <summary>Adds the accounts of a scripted gateway, unless the sample has configured its own. Like any gateway of one's own, it knows keys and no workspace.</summary>
    public static void AddScripted(IDictionary<string, AccountOptions> accounts)
    {
        if (accounts.Count == 0)
        {
            Add(accounts, Parse(Scripted));
        }

        foreach (AccountOptions account in accounts.Values)
        {
            (account.ApiKey, account.PortkeyProvider) = ("any text", null);
        }
    }

    /// <summary>Adds the providers of a hosted workspace; their keys are at Portkey.</summary>
    public static void AddHosted(IDictionary<string, AccountOptions> accounts)
    {
        string providers = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"Set {Variable} to the providers of your Portkey workspace, for example openai-prod:openai:gpt-4o-mini,gpt-4o (slug:provider:models; more after a semicolon).");
        accounts.Clear();
        Add(accounts, Parse(providers), (name, account) => account.PortkeyProvider = name);
    }

    /// <summary>Adds the providers whose keys are in the environment: OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY and so on.</summary>
    public static void AddWithKeys(IDictionary<string, AccountOptions> accounts)
    {
        accounts.Clear();
        Add(accounts, Parse(Environment.GetEnvironmentVariable(Variable) ?? Scripted), (_, account) => account.ApiKey = KeyOf(account.Provider!));
        foreach ((string name, AccountOptions account) in accounts.Where(a => a.Value.ApiKey is null).ToList())
        {
            accounts.Remove(name);
        }

        if (accounts.Count == 0)
        {
            throw new InvalidOperationException($"Set the key of at least one provider, such as OPENAI_API_KEY; {Variable} says which models to use.");
        }
    }

    private static string? KeyOf(string provider) =>
        Environment.GetEnvironmentVariable($"{provider.Replace('-', '_').ToUpperInvariant()}_API_KEY");

    private static void Add(
        IDictionary<string, AccountOptions> accounts, IEnumerable<(string Name, AccountOptions Account)> parsed, Action<string, AccountOptions>? configure = null)
    {
        foreach ((string name, AccountOptions account) in parsed)
        {
            configure?.Invoke(name, account);
            accounts[name] = account;
        }
    }

    private static IEnumerable<(string Name, AccountOptions Account)> Parse(string providers)
    {
        foreach (string entry in providers.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry.Split(':', 3, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, { Length: > 0 } provider, { Length: > 0 } models])
            {
                throw new FormatException($"{Variable} holds '{entry}'. Write name:provider:model,model, such as openai-prod:openai:gpt-4o-mini,gpt-4o.");
            }

            var account = new AccountOptions { Provider = provider };
            foreach (string model in models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                account.Models.Add(model);
            }

            yield return (name, account);
        }
    }
}
