using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace IntegrationLayer.Sdk.Models;

/// <summary>The models that can be bought, from whom, and at what price. Immutable and safe for concurrent use.</summary>
/// <remarks>
/// The package carries one (<see cref="Embedded"/>); newer files, written by the <c>il-catalogue</c> tool, can be loaded at run time.
/// A price that isn't known is <see langword="null"/>, never zero.
/// </remarks>
public sealed class ModelCatalogue
{
    private const string ResourceName = "IntegrationLayer.Sdk.Models.catalogue.br";
    private static readonly Lazy<ModelCatalogue> LazyEmbedded = new(() => LoadEmbedded(TimeProvider.System));
    private readonly ModelInfo[] _models;
    private readonly Dictionary<string, ProviderModels> _providers = new(StringComparer.OrdinalIgnoreCase);

    private ModelCatalogue(CatalogueContent content, string fingerprint, DateTimeOffset now)
    {
        Version = content.Version;
        Sources = content.Sources;
        Fingerprint = fingerprint;
        _models = content.Models;
        int start = 0;
        for (int i = 0; i < _models.Length; i++)
        {
            ModelInfo model = _models[i];
            if (model.PriceVariants.Count > 0)
            {
                _models[i] = model with { Prices = PriceResolver.ListPrices(model, now) };
            }

            PricedCount += _models[i].Prices.IsKnown ? 1 : 0;
            if (i + 1 == _models.Length || !ReferenceEquals(_models[i + 1].Provider, model.Provider))
            {
                _providers.Add(model.Provider, new ProviderModels(new ArraySegment<ModelInfo>(_models, start, i + 1 - start)));
                start = i + 1;
            }
        }

        foreach (CatalogueAlias alias in content.Aliases)
        {
            ModelInfo model = _models[alias.Model];
            _providers[model.Provider].ByName.TryAdd(alias.Name, model);
        }

        Providers = Array.AsReadOnly([.. _providers.Keys]);
        All = new ReadOnlyCollection<ModelInfo>(_models);
    }

    /// <summary>Gets the catalogue that the package carries, read on first use.</summary>
    public static ModelCatalogue Embedded => LazyEmbedded.Value;

    /// <summary>Gets the day of the data, as <c>yyyy-MM-dd</c>.</summary>
    public string Version { get; }

    /// <summary>Gets what the catalogue was made from.</summary>
    public IReadOnlyList<CatalogueSource> Sources { get; }

    /// <summary>Gets the SHA-256 of the content, in lower-case hexadecimal: equal for equal data.</summary>
    public string Fingerprint { get; }

    /// <summary>Gets the number of models.</summary>
    public int Count => _models.Length;

    /// <summary>Gets the number of models whose price is known.</summary>
    public int PricedCount { get; }

    /// <summary>Gets the slugs of the providers, in ordinal order.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>Gets every model, ordered by provider and name.</summary>
    public IReadOnlyList<ModelInfo> All { get; }

    /// <summary>Reads a catalogue from a file.</summary>
    /// <param name="path">The file, as written by <c>il-catalogue build</c>. At most 32 MiB.</param>
    /// <param name="timeProvider">The clock that says which of several dated prices are today's; the system's by default.</param>
    /// <exception cref="CatalogueFormatException">The file is no catalogue, is damaged, or has a newer format.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ModelCatalogue Load(string path, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path, timeProvider);
    }

    /// <summary>Reads a catalogue from a stream, to its end.</summary>
    /// <param name="stream">The content of a file written by <c>il-catalogue build</c>. At most 32 MiB.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="timeProvider">The clock that says which of several dated prices are today's; the system's by default.</param>
    /// <exception cref="CatalogueFormatException">It is no catalogue, is damaged, or has a newer format.</exception>
    public static ModelCatalogue Load(Stream stream, string name = "stream", TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] buffer = new byte[64 << 10];
        using MemoryStream file = new();
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            file.Write(buffer, 0, read);
            if (file.Length > CatalogueFormat.MaxLength)
            {
                throw new CatalogueFormatException($"'{name}' is larger than {CatalogueFormat.MaxLength >> 20} MiB: no model catalogue. Check the path.", name);
            }
        }

        string fingerprint = CatalogueReader.Read(file.GetBuffer().AsSpan(0, (int)file.Length), name, out CatalogueContent content);
        return new ModelCatalogue(content, fingerprint, (timeProvider ?? TimeProvider.System).GetUtcNow());
    }

    /// <summary>Finds a model by the name that a provider, a configuration or an answer gives it.</summary>
    /// <param name="provider">The provider's slug as Portkey names it, or a common other name of it (<c>azure</c>, <c>xai</c> …). Case doesn't matter.</param>
    /// <param name="model">The model's identifier. Case doesn't matter.</param>
    /// <returns>The model, or <see langword="null"/>. Names are normalised by fixed rules only, never by likeness: docs/catalogue.md lists them.</returns>
    public ModelInfo? Find(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        return TryGet(provider, model, out ModelInfo? exact) ? exact : ModelLookup.Find(this, provider, model);
    }

    /// <summary>Gets the models of a provider, ordered by name.</summary>
    /// <param name="provider">The provider's slug, or a common other name of it.</param>
    /// <returns>The models; none for a provider that the catalogue doesn't know.</returns>
    public IReadOnlyList<ModelInfo> OfProvider(string provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return _providers.TryGetValue(ProviderNames.Canonical(provider), out ProviderModels? models) ? models.All : [];
    }

    /// <summary>Lists the models whose <c>provider/model</c> holds every word of a text, for people to choose from.</summary>
    /// <param name="text">Words separated by spaces. Case doesn't matter. An empty text lists every model.</param>
    /// <param name="kind">Only models of this kind.</param>
    public IEnumerable<ModelInfo> Search(string text, ModelKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return All.Where(model => (kind is null || model.Kind == kind) && HoldsAll(model.ToString(), words));
    }

    /// <summary>Reads the package's catalogue anew.</summary>
    internal static ModelCatalogue LoadEmbedded(TimeProvider timeProvider)
    {
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream(ResourceName)!;
        return Load(stream, ResourceName, timeProvider);
    }

    /// <summary>Finds a model by its own name or one that the sources give it.</summary>
    internal bool TryGet(string provider, string model, [NotNullWhen(true)] out ModelInfo? info)
    {
        info = null;
        return _providers.TryGetValue(provider, out ProviderModels? models) && models.ByName.TryGetValue(model, out info);
    }

    private static bool HoldsAll(string name, string[] words) =>
        Array.TrueForAll(words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
