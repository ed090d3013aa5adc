using System.Globalization;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Commands;

/// <summary>Prints a catalogue as comma-separated values.</summary>
internal static class CatalogueList
{
    /// <summary>Prints a line for each model.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="provider">Only this provider's.</param>
    public static void Write(TextWriter output, ModelCatalogue catalogue, string? provider)
    {
        output.WriteLine("provider,model,kind,input,output,cache_read,cache_write,cache_write_1h,context,max_output,capabilities,released,source,suspect");
        foreach (ModelInfo model in provider is null ? catalogue.All : catalogue.OfProvider(provider))
        {
            ModelPrices prices = model.Prices;
            string capabilities = model.Capabilities.ToString().Replace(", ", "|", StringComparison.Ordinal);
            output.WriteLine(string.Join(
                ',',
                model.Provider,
                model.Model,
                model.Kind,
                Show(prices.Input),
                Show(prices.Output),
                Show(prices.CacheRead),
                Show(prices.CacheWrite),
                Show(prices.CacheWriteOneHour),
                Show(model.ContextTokens),
                Show(model.MaxOutputTokens),
                capabilities,
                model.Released?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                model.PriceSource,
                model.IsSuspect));
        }
    }

    private static string Show(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
