namespace IntegrationLayer.Sdk.Models;

/// <summary>The deployments of one configuration, with the names by which requests may ask for them. Immutable.</summary>
internal sealed class DeploymentSet
{
    /// <summary>How many distinct regions a configuration may name: one bit each.</summary>
    public const int MaxRegions = 64;

    private readonly Dictionary<string, int[]> _byName;
    private readonly Dictionary<string, ulong> _regions;

    private DeploymentSet(Deployment[] all, Dictionary<string, int[]> byName, Dictionary<string, ulong> regions, ulong[] regionMasks)
    {
        All = all;
        _byName = byName;
        _regions = regions;
        RegionMasks = regionMasks;
    }

    /// <summary>Gets the deployments; each one's <see cref="Deployment.Index"/> is its position.</summary>
    public Deployment[] All { get; }

    /// <summary>Gets for each deployment the regions that it may process a request in, one bit each; zero if none is configured.</summary>
    public ulong[] RegionMasks { get; }

    /// <summary>Gets every name that a request may ask for.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>Gets every region and group of regions that a request may allow.</summary>
    public IEnumerable<string> Regions => _regions.Keys;

    /// <summary>Indexes deployments under their own names, their models' names and the aliases.</summary>
    /// <param name="all">The deployments, in the order of their <see cref="Deployment.Index"/>.</param>
    /// <param name="aliases">Groups of names.</param>
    /// <param name="regionGroups">For each group of regions, its members.</param>
    public static DeploymentSet Create(
        Deployment[] all,
        IEnumerable<KeyValuePair<string, IList<string>>> aliases,
        IEnumerable<KeyValuePair<string, IList<string>>> regionGroups)
    {
        var names = new Dictionary<string, SortedSet<int>>(StringComparer.OrdinalIgnoreCase);
        foreach (Deployment deployment in all)
        {
            foreach (string name in NamesOf(deployment))
            {
                Add(names, name, deployment.Index);
            }
        }

        Dictionary<string, int[]> byName = Freeze(names);
        foreach ((string alias, IList<string> members) in aliases)
        {
            byName[alias] = [.. members.SelectMany(m => byName.GetValueOrDefault(m, [])).Distinct().Order()];
        }

        var bits = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        ulong[] masks = [.. all.Select(d => d.Regions.Aggregate(0UL, (mask, region) => mask | BitOf(bits, region)))];
        var regions = new Dictionary<string, ulong>(bits, StringComparer.OrdinalIgnoreCase);
        foreach ((string group, IList<string> members) in regionGroups)
        {
            regions[group] = members.Aggregate(bits.GetValueOrDefault(group), (mask, member) => mask | bits.GetValueOrDefault(member));
        }

        return new DeploymentSet(all, byName, regions, masks);
    }

    /// <summary>Finds the deployments that a request means by a name: a deployment's, a model's, <c>provider/model</c>, or an alias.</summary>
    /// <returns>Their positions, in ascending order; empty if nothing has that name.</returns>
    public int[] Find(string name) => _byName.GetValueOrDefault(name, []);

    /// <summary>Turns the regions that a request allows into bits. A region that no deployment has adds nothing.</summary>
    public ulong MaskOf(IReadOnlyList<string> allowed)
    {
        ulong mask = 0;
        for (int i = 0; i < allowed.Count; i++)
        {
            mask |= _regions.GetValueOrDefault(allowed[i]);
        }

        return mask;
    }

    private static IEnumerable<string> NamesOf(Deployment deployment)
    {
        yield return deployment.Name;
        yield return deployment.ModelId;
        yield return deployment.Model.Model;
        yield return $"{deployment.Provider}/{deployment.Model.Model}";
    }

    private static void Add(Dictionary<string, SortedSet<int>> names, string name, int index)
    {
        if (!names.TryGetValue(name, out SortedSet<int>? indexes))
        {
            names.Add(name, indexes = []);
        }

        indexes.Add(index);
    }

    private static Dictionary<string, int[]> Freeze(Dictionary<string, SortedSet<int>> names) =>
        names.ToDictionary(n => n.Key, n => n.Value.ToArray(), StringComparer.OrdinalIgnoreCase);

    private static ulong BitOf(Dictionary<string, ulong> bits, string region)
    {
        if (!bits.TryGetValue(region, out ulong bit))
        {
            bits.Add(region, bit = 1UL << bits.Count);
        }

        return bit;
    }
}
