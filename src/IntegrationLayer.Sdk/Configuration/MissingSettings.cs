using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Refuses lists and tables of the options that hold nothing where something has to be: an entry of a configuration that is null, or one added in code. Before anybody else looks at them.</summary>
internal sealed class MissingSettings : IPostConfigureOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer";

    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">Some are null; all of them are named.</exception>
    public void PostConfigure(string? name, IntegrationLayerOptions options)
    {
        string[] missing = [.. Find(options).Select(static setting => $"{Section}:{setting} is null. Give it a value, or remove it.")];
        if (missing.Length > 0)
        {
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(IntegrationLayerOptions), missing);
        }
    }

    private static IEnumerable<string> Find(IntegrationLayerOptions options)
    {
        foreach ((string account, AccountOptions? settings) in options.Accounts)
        {
            IEnumerable<string> missing = settings is null
                ? [""]
                : [.. In(settings.Models, ":Models"), .. In(settings.Regions, ":Regions"), .. settings.Headers.Where(h => h.Value is null).Select(h => $":Headers:{h.Key}")];
            foreach (string setting in missing)
            {
                yield return $"Accounts:{account}{setting}";
            }
        }

        foreach ((int index, DeploymentOptions? deployment) in options.Deployments.Index())
        {
            foreach (string setting in deployment is null ? [""] : In(deployment.Regions, ":Regions"))
            {
                yield return $"Deployments:{index}{setting}";
            }
        }

        foreach ((string table, IDictionary<string, IList<string>> lists) in new[] { ("Aliases", options.Aliases), ("RegionGroups", options.RegionGroups) })
        {
            foreach ((string key, IList<string>? list) in lists)
            {
                foreach (string setting in list is null ? [""] : In(list, ""))
                {
                    yield return $"{table}:{key}{setting}";
                }
            }
        }

        foreach (string setting in In(options.Portkey?.Endpoints ?? [], "Portkey:Endpoints"))
        {
            yield return setting;
        }
    }

    private static IEnumerable<string> In<T>(IEnumerable<T> list, string name) => list.Index().Where(static one => one.Item is null).Select(one => $"{name}:{one.Index}");
}
