using System.Text;

namespace IntegrationLayer.Sdk.Models;

/// <summary>Decodes the decompressed content of a catalogue file, front to back.</summary>
/// <param name="bytes">The content.</param>
internal sealed class CatalogueDecoder(byte[] bytes)
{
    private int _position;

    /// <summary>Decodes everything.</summary>
    public CatalogueContent Decode()
    {
        string version = Text();
        CatalogueSource[] sources = new CatalogueSource[Count()];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = new CatalogueSource(Text(), Text(), Text());
        }

        ModelPrices[] prices = new ModelPrices[Count()];
        for (int i = 0; i < prices.Length; i++)
        {
            prices[i] = Prices();
        }

        PriceVariant[][] variants = new PriceVariant[Count()][];
        for (int i = 0; i < variants.Length; i++)
        {
            variants[i] = Variants(prices);
        }

        ModelInfo[] models = Models(sources, prices, variants);
        CatalogueAlias[] aliases = new CatalogueAlias[Count()];
        string previous = "";
        for (int i = 0; i < aliases.Length; i++)
        {
            previous = FrontCoded(previous);
            int model = Number();
            aliases[i] = model < models.Length ? new CatalogueAlias(previous, model) : throw new InvalidDataException();
        }

        return _position == bytes.Length
            ? new CatalogueContent { Version = version, Sources = sources, Models = models, Aliases = aliases }
            : throw new InvalidDataException();
    }

    private ModelInfo[] Models(CatalogueSource[] sources, ModelPrices[] prices, PriceVariant[][] variants)
    {
        ModelInfo[] models = new ModelInfo[Count()];
        int row = 0;
        for (int providers = Count(); providers > 0; providers--)
        {
            string provider = Text();
            string name = "";
            for (int count = Count(); count > 0; count--)
            {
                name = FrontCoded(name);
                models[row++] = Model(provider, name, sources, prices, variants);
            }
        }

        return row == models.Length ? models : throw new InvalidDataException();
    }

    private ModelInfo Model(string provider, string name, CatalogueSource[] sources, ModelPrices[] prices, PriceVariant[][] variants)
    {
        int kindAndSuspect = Number();
        int capabilities = Number();
        int input = Number();
        int output = Number();
        int context = Number();
        int maxOutput = Number();
        int released = Number();
        int price = Number();
        int variant = Number();
        int source = Number();
        return new ModelInfo
        {
            Provider = provider,
            Model = name,
            Kind = (ModelKind)(kindAndSuspect >> 1),
            IsSuspect = (kindAndSuspect & 1) != 0,
            Capabilities = (ModelCapabilities)capabilities,
            InputModalities = (ModelModalities)input,
            OutputModalities = (ModelModalities)output,
            ContextTokens = context == 0 ? null : context,
            MaxOutputTokens = maxOutput == 0 ? null : maxOutput,
            Released = released == 0 ? null : DateOnly.FromDayNumber(released),
            Prices = price == 0 ? ModelPrices.Unknown : prices[price - 1],
            PriceVariants = variant == 0 ? [] : variants[variant - 1],
            PriceSource = source == 0 ? null : sources[source - 1].Name,
        };
    }

    private PriceVariant[] Variants(ModelPrices[] prices)
    {
        PriceVariant[] list = new PriceVariant[Count()];
        for (int i = 0; i < list.Length; i++)
        {
            int minutes = Number();
            string region = Text();
            string tier = Text();
            PriceWindow[] windows = new PriceWindow[Count()];
            for (int w = 0; w < windows.Length; w++)
            {
                windows[w] = new PriceWindow { Days = Days(Number()), StartMinute = Number(), EndMinute = Number() };
            }

            list[i] = new PriceVariant
            {
                ValidFrom = minutes == 0 ? null : DateTimeOffset.UnixEpoch.AddMinutes(minutes),
                Region = region.Length == 0 ? null : region,
                ServiceTier = tier.Length == 0 ? null : tier,
                Windows = windows,
                Prices = prices[Number()],
            };
        }

        return list;
    }

    private static DayOfWeek[] Days(int mask)
    {
        List<DayOfWeek> days = [];
        for (int day = 0; day < 7; day++)
        {
            if ((mask & (1 << day)) != 0)
            {
                days.Add((DayOfWeek)day);
            }
        }

        return [.. days];
    }

    private ModelPrices Prices()
    {
        int mask = Number();
        ModelPrices prices = new()
        {
            Input = Price(mask, 0),
            Output = Price(mask, 1),
            CacheRead = Price(mask, 2),
            CacheWrite = Price(mask, 3),
            CacheWriteOneHour = Price(mask, 4),
            Reasoning = Price(mask, 5),
            AudioInput = Price(mask, 6),
            AudioOutput = Price(mask, 7),
            ImageInput = Price(mask, 8),
            ImageOutput = Price(mask, 9),
            PerRequest = Price(mask, 10),
        };
        return (mask & CatalogueFormat.HasTiers) == 0 ? prices : prices with { Tiers = Tiers() };
    }

    private PriceTier[] Tiers()
    {
        PriceTier[] tiers = new PriceTier[Count()];
        for (int i = 0; i < tiers.Length; i++)
        {
            int above = Number();
            int mask = Number();
            tiers[i] = new PriceTier
            {
                AboveInputTokens = above,
                Input = Price(mask, 0),
                Output = Price(mask, 1),
                CacheRead = Price(mask, 2),
                CacheWrite = Price(mask, 3),
            };
        }

        return tiers;
    }

    private decimal? Price(int mask, int field)
    {
        if ((mask & (1 << field)) == 0)
        {
            return null;
        }

        ulong value = Varint();
        ulong digits = value / (CatalogueFormat.MaxScale + 1);
        return new decimal((int)(uint)digits, (int)(uint)(digits >> 32), 0, false, (byte)(value % (CatalogueFormat.MaxScale + 1)));
    }

    private string FrontCoded(string previous)
    {
        int shared = Number();
        return string.Concat(previous.AsSpan(0, shared), Text());
    }

    private string Text()
    {
        int length = Count();
        string text = length == 0 ? "" : Encoding.UTF8.GetString(bytes, _position, length);
        _position += length;
        return text;
    }

    /// <summary>Reads a number of things of at least one byte each: never more than there are bytes left.</summary>
    private int Count()
    {
        int count = Number();
        return count <= bytes.Length - _position ? count : throw new InvalidDataException();
    }

    private int Number() => checked((int)Varint());

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = bytes[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException();
    }
}
