using System.Text.Json.Serialization;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>What came of one run.</summary>
internal sealed record LoadResult
{
    public int Completed { get; init; }

    public int Errors { get; init; }

    public double P50Ms { get; init; }

    public double P99Ms { get; init; }

    /// <summary>Gets the time from the first request to the last answer.</summary>
    public double Seconds { get; init; }

    public double PeakRssMib { get; init; }

    /// <summary>Gets the most requests that the provider had at once without having answered one of them.</summary>
    public int MostInFlight { get; init; }

    /// <summary>Gets how many sockets were open before and, when everything was disposed, after.</summary>
    public int SocketsBefore { get; init; }

    public int SocketsAfter { get; init; }

    /// <summary>Gets how many calls the SDK counts as under way after the last.</summary>
    public int LeftInFlight { get; init; }

    /// <summary>Gets the first error.</summary>
    public string? FirstError { get; init; }
}

[JsonSerializable(typeof(LoadResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LoadJson : JsonSerializerContext;
