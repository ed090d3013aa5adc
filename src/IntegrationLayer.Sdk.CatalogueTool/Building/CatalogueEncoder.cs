using System.Globalization;
using System.Text;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Encodes the content of a catalogue file: the mirror of the SDK's decoder.</summary>
internal sealed class CatalogueEncoder
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _priceNumbers = new(StringComparer.Ordinal);
    private readonly List<ModelPrices> _prices = [];
    private readonly List<IReadOnlyList<PriceVariant>> _variants = [];

    /// <summary>Encodes everything.</summary>
    public byte[] Encode(CatalogueContent content)
    {
        int[] priceOf = [.. content.Models.Select(model => model.Prices.IsKnown ? Intern(model.Prices) + 1 : 0)];
        int[] variantsOf = [.. content.Models.Select(Intern)];
        Text(content.Version);
        Number(content.Sources.Count);
        foreach (CatalogueSource source in content.Sources)
        {
            Text(source.Name);
            Text(source.Version);
            Text(source.Licence);
        }

        Number(_prices.Count);
        _prices.ForEach(Prices);
        Number(_variants.Count);
        _variants.ForEach(Variants);
        Models(content, priceOf, variantsOf);
        Number(content.Aliases.Count);
        string previous = "";
        foreach (CatalogueAlias alias in content.Aliases)
        {
            FrontCoded(previous, alias.Name);
            Number(alias.Model);
            previous = alias.Name;
        }

        return [.. _bytes];
    }

    private void Models(CatalogueContent content, int[] priceOf, int[] variantsOf)
    {
        List<IGrouping<string, ModelInfo>> providers = [.. content.Models.GroupBy(model => model.Provider, StringComparer.Ordinal)];
        string[] sources = [.. content.Sources.Select(source => source.Name)];
        Number(content.Models.Length);
        Number(providers.Count);
        int row = 0;
        foreach (IGrouping<string, ModelInfo> provider in providers)
        {
            Text(provider.Key);
            Number(provider.Count());
            string previous = "";
            foreach (ModelInfo model in provider)
            {
                FrontCoded(previous, model.Model);
                previous = model.Model;
                Number(((int)model.Kind << 1) | (model.IsSuspect ? 1 : 0));
                Number((int)model.Capabilities);
                Number((int)model.InputModalities);
                Number((int)model.OutputModalities);
                Number(model.ContextTokens ?? 0);
                Number(model.MaxOutputTokens ?? 0);
                Number(model.Released?.DayNumber ?? 0);
                Number(priceOf[row]);
                Number(variantsOf[row]);
                Number(Array.IndexOf(sources, model.PriceSource) + 1);
                row++;
            }
        }
    }

    private void Variants(IReadOnlyList<PriceVariant> variants)
    {
        Number(variants.Count);
        foreach (PriceVariant variant in variants)
        {
            Number(variant.ValidFrom is { } from ? (int)(from - DateTimeOffset.UnixEpoch).TotalMinutes : 0);
            Text(variant.Region ?? "");
            Text(variant.ServiceTier ?? "");
            Number(variant.Windows.Count);
            foreach (PriceWindow window in variant.Windows)
            {
                Number(window.Days.Aggregate(0, (mask, day) => mask | (1 << (int)day)));
                Number(window.StartMinute);
                Number(window.EndMinute);
            }

            Number(Intern(variant.Prices));
        }
    }

    private void Prices(ModelPrices prices)
    {
        Values(prices.Tiers.Count > 0 ? CatalogueFormat.HasTiers : 0, Fields(prices));
        if (prices.Tiers.Count == 0)
        {
            return;
        }

        Number(prices.Tiers.Count);
        foreach (PriceTier tier in prices.Tiers)
        {
            Number(checked((int)tier.AboveInputTokens));
            Values(0, [tier.Input, tier.Output, tier.CacheRead, tier.CacheWrite]);
        }
    }

    private void Values(int mask, decimal?[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            mask |= values[i] is null ? 0 : 1 << i;
        }

        Number(mask);
        foreach (decimal? value in values)
        {
            if (value is { } price)
            {
                byte scale = price.Scale;
                decimal digits = price;
                for (int i = 0; i < scale; i++)
                {
                    digits *= 10;
                }

                Varint(((ulong)digits * (CatalogueFormat.MaxScale + 1)) + scale);
            }
        }
    }

    private int Intern(ModelPrices prices)
    {
        string key = string.Join('|', Fields(prices).Select(Show))
            + string.Concat(prices.Tiers.Select(tier => $";{tier.AboveInputTokens}|{Show(tier.Input)}|{Show(tier.Output)}|{Show(tier.CacheRead)}|{Show(tier.CacheWrite)}"));
        if (!_priceNumbers.TryGetValue(key, out int number))
        {
            number = _prices.Count;
            _prices.Add(prices);
            _priceNumbers.Add(key, number);
        }

        return number;
    }

    private int Intern(ModelInfo model)
    {
        if (model.PriceVariants.Count == 0)
        {
            return 0;
        }

        foreach (PriceVariant variant in model.PriceVariants)
        {
            Intern(variant.Prices);
        }

        _variants.Add(model.PriceVariants);
        return _variants.Count;
    }

    private static decimal?[] Fields(ModelPrices prices) =>
    [
        prices.Input, prices.Output, prices.CacheRead, prices.CacheWrite, prices.CacheWriteOneHour, prices.Reasoning,
        prices.AudioInput, prices.AudioOutput, prices.ImageInput, prices.ImageOutput, prices.PerRequest,
    ];

    private static string Show(decimal? price) => price?.ToString(CultureInfo.InvariantCulture) ?? "";

    private void FrontCoded(string previous, string name)
    {
        int shared = previous.AsSpan().CommonPrefixLength(name);
        Number(shared);
        Text(name[shared..]);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Number(utf8.Length);
        _bytes.AddRange(utf8);
    }

    private void Number(int number) => Varint(checked((ulong)number));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
