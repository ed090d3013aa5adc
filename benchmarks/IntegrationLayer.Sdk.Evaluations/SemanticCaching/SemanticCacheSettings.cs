namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>What to evaluate.</summary>
/// <param name="Folder">The folder of the data.</param>
/// <param name="Split">The part of each file.</param>
/// <param name="Only">The sets to evaluate; all if there are none.</param>
/// <param name="Json">Whether to print JSON.</param>
internal sealed record SemanticCacheSettings(string Folder, string Split, string[] Only, bool Json)
{
    public bool Includes(string name) => Only.Length == 0 || Only.Contains(name);

    public static SemanticCacheSettings Parse(string[] arguments)
    {
        var settings = new SemanticCacheSettings("", "dev", [], Json: false);
        for (int i = 0; i < arguments.Length; i++)
        {
            settings = arguments[i] switch
            {
                "--data" => settings with { Folder = ArgumentReader.Value(arguments, ref i) },
                "--split" => settings with { Split = ArgumentReader.Value(arguments, ref i) },
                "--only" => settings with { Only = ArgumentReader.Names(arguments, ref i) },
                "--json" => settings with { Json = true },
                _ => throw new ArgumentException($"'{arguments[i]}' isn't known: give --data, --split, --only or --json."),
            };
        }

        return Directory.Exists(settings.Folder) ? settings : throw new ArgumentException($"There is no folder '{settings.Folder}': give --data <folder>.");
    }
}
