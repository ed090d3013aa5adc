using System.Text.Json;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Small helpers to read the sources' JSON.</summary>
internal static class JsonReading
{
    /// <summary>Reads a price: a number that isn't negative, freed of binary rounding noise.</summary>
    public static decimal? Price(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? Clean(value.GetDecimal())
            : null;

    /// <summary>Reads a price of which zero means that there is none.</summary>
    public static decimal? PositivePrice(JsonElement parent, string name) => Price(parent, name) is > 0 and decimal price ? price : null;

    /// <summary>Rounds to nine places and drops trailing zeros; sources computed some prices in binary (0.041999999999999996).</summary>
    public static decimal? Clean(decimal price) =>
        price < 0 ? null : Math.Round(price, 9, MidpointRounding.ToEven) / 1.000000000000000000000000000000m;

    /// <summary>Reads a count above zero.</summary>
    public static int? PositiveInt(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number > 0
            ? number
            : null;

    /// <summary>Reads a text.</summary>
    public static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Says whether a property is present and true.</summary>
    public static bool IsTrue(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Reads name, version and licence of an npm package.</summary>
    /// <param name="folder">The unpacked package.</param>
    /// <param name="expected">The package's name.</param>
    /// <exception cref="FormatException">It is another package, or its licence isn't MIT.</exception>
    public static CatalogueSource Package(string folder, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        string name = Text(document.RootElement, "name") ?? "";
        string licence = Text(document.RootElement, "license") ?? (File.Exists(Path.Combine(folder, "LICENSE"))
            && File.ReadAllText(Path.Combine(folder, "LICENSE")).Contains("MIT License", StringComparison.Ordinal) ? "MIT" : "");
        if (name != expected)
        {
            throw new FormatException($"'{folder}' holds the package '{name}', not '{expected}'. Name the folder that has the package's package.json.");
        }

        return licence == "MIT"
            ? new CatalogueSource(name, Text(document.RootElement, "version") ?? "", licence)
            : throw new FormatException($"'{expected}' in '{folder}' is under the licence '{licence}', not MIT. Use the pinned version.");
    }
}
