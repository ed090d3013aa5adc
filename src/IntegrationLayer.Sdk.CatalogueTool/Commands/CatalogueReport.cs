using System.Globalization;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Commands;

/// <summary>Prints what a catalogue holds.</summary>
internal static class CatalogueReport
{
    private const decimal ReportedChange = 0.05m;
    private const int ListedChanges = 40;

    /// <summary>Prints counts, suspects and the changes against another catalogue.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="before">What to compare it with.</param>
    /// <param name="all">Whether to list every change rather than the first 40.</param>
    public static void Check(TextWriter output, ModelCatalogue catalogue, ModelCatalogue before, bool all)
    {
        Line(output, $"version {catalogue.Version}, fingerprint {catalogue.Fingerprint}");
        foreach (CatalogueSource source in catalogue.Sources)
        {
            Line(output, $"source {source.Name} {source.Version} ({source.Licence})");
        }

        Line(output, $"{catalogue.Count} models, {catalogue.PricedCount} priced, {catalogue.Providers.Count} providers");
        foreach (string provider in catalogue.Providers)
        {
            IReadOnlyList<ModelInfo> models = catalogue.OfProvider(provider);
            Line(output, $"  {provider}: {models.Count} models, {models.Count(model => model.Prices.IsKnown)} priced");
        }

        List<ModelInfo> suspects = [.. catalogue.All.Where(model => model.IsSuspect)];
        Line(output, $"{suspects.Count} suspect");
        suspects.ForEach(model => Line(output, $"  {model}: {Show(model.Prices)}"));
        List<string> changes = [.. Changes(catalogue, before)];
        Line(output, $"{changes.Count} changes against {before.Version}");
        foreach (string change in changes.Take(all ? changes.Count : ListedChanges))
        {
            output.WriteLine("  " + change);
        }
    }

    /// <summary>Prints what is known of a model.</summary>
    /// <returns>Whether it was found.</returns>
    /// <exception cref="CommandLineException">The name has no slash.</exception>
    public static bool Show(TextWriter output, ModelCatalogue catalogue, string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            throw new CommandLineException($"'{name}' is no PROVIDER/MODEL, such as openai/gpt-4o-mini.");
        }

        if (catalogue.Find(name[..slash], name[(slash + 1)..]) is not { } model)
        {
            Line(output, $"{name} isn't in the catalogue.");
            foreach (ModelInfo like in catalogue.Search(name[(slash + 1)..]).Take(10))
            {
                Line(output, $"  perhaps {like}");
            }

            return false;
        }

        Line(output, $"{model}: {model.Kind}{(model.IsSuspect ? ", suspect" : "")}");
        Line(output, $"prices per million tokens: {Show(model.Prices)} ({model.PriceSource ?? "no source"})");
        foreach (PriceTier tier in model.Prices.Tiers)
        {
            Line(output, $"  above {tier.AboveInputTokens} input tokens: {Show(tier.Input)} in, {Show(tier.Output)} out, {Show(tier.CacheRead)} cache read, {Show(tier.CacheWrite)} cache write");
        }

        foreach (PriceVariant variant in model.PriceVariants)
        {
            string when = string.Create(CultureInfo.InvariantCulture, $"{variant.ValidFrom:yyyy-MM-dd} {variant.Region} {variant.ServiceTier}").Trim();
            string times = string.Join(", ", variant.Windows.Select(window => string.Create(CultureInfo.InvariantCulture, $"{window.StartMinute / 60:00}:{window.StartMinute % 60:00}-{window.EndMinute / 60:00}:{window.EndMinute % 60:00} UTC")));
            Line(output, $"  [{when} {times}] {Show(variant.Prices)}");
        }

        Line(output, $"context {Show(model.ContextTokens)}, longest answer {Show(model.MaxOutputTokens)}, released {model.Released?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "?"}");
        Line(output, $"reads {model.InputModalities}, writes {model.OutputModalities}, can {model.Capabilities}");
        return true;
    }

    private static IEnumerable<string> Changes(ModelCatalogue catalogue, ModelCatalogue before)
    {
        foreach (ModelInfo model in catalogue.All)
        {
            if (!before.TryGet(model.Provider, model.Model, out ModelInfo? old))
            {
                yield return $"new {model}: {Show(model.Prices)}";
            }
            else if (PriceMath.Differ(old.Prices.Input, model.Prices.Input, ReportedChange) || PriceMath.Differ(old.Prices.Output, model.Prices.Output, ReportedChange))
            {
                yield return $"changed {model}: {Show(old.Prices)} -> {Show(model.Prices)}";
            }
        }

        foreach (ModelInfo old in before.All.Where(old => !catalogue.TryGet(old.Provider, old.Model, out _)))
        {
            yield return $"gone {old}: {Show(old.Prices)}";
        }
    }

    private static string Show(ModelPrices prices) =>
        prices.IsKnown
            ? $"{Show(prices.Input)} in, {Show(prices.Output)} out, {Show(prices.CacheRead)} cache read, {Show(prices.CacheWrite)} cache write"
            : "unknown";

    private static string Show(decimal? price) => price?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Show(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
