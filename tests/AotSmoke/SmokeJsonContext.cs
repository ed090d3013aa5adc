using System.Text.Json;
using System.Text.Json.Serialization;

namespace AotSmoke;

/// <summary>Reads the typed result without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(City))]
internal sealed partial class SmokeJsonContext : JsonSerializerContext;
