using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes that tell what was asked and how it ended, made once for each kind of request.</summary>
internal sealed class RequestTags(string kind, string operation, string? tenant, SetLimit limit)
{
    private static readonly string[] Outcomes = ["success", "cached", "denied", "cancelled", "error"];
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly KeyValuePair<string, object?>[][] _durations = Array.ConvertAll(
        [.. Outcomes, .. Outcomes], static _ => Array.Empty<KeyValuePair<string, object?>>());

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>[]> _failed = new(StringComparer.Ordinal);
    private KeyValuePair<string, object?>[]? _success;
    private KeyValuePair<string, object?>[]? _cached;

    /// <summary>Gets what stands for this kind of request when there are too many.</summary>
    public RequestTags? Others { get; init; }

    /// <summary>Gets the request's attributes.</summary>
    public KeyValuePair<string, object?>[] Asked { get; } = [new("gen_ai.operation.name", kind), new("integration_layer.operation", operation)];

    /// <summary>Gets those of a request that has ended.</summary>
    public KeyValuePair<string, object?>[] Ended(string outcome, string? error) => error is null
        ? outcome == "cached" ? _cached ??= Make(outcome, null) : _success ??= Make(outcome, null)
        : _failed.TryGetValue(error, out KeyValuePair<string, object?>[]? known) ? known : Fail(outcome, error);

    /// <summary>Gets those of its duration.</summary>
    public KeyValuePair<string, object?>[] Lasted(string outcome, bool isStreamed)
    {
        int index = Array.IndexOf(Outcomes, outcome) + (isStreamed ? Outcomes.Length : 0);
        return _durations[index] is { Length: > 0 } known ? known : _durations[index] = [.. WithOutcome(outcome), new(Attributes.Stream.Name, isStreamed ? True : False)];
    }

    /// <summary>Gets those with the outcome.</summary>
    public KeyValuePair<string, object?>[] WithOutcome(string outcome) => [.. Asked, new(Attributes.Outcome.Name, outcome)];

    private KeyValuePair<string, object?>[] Fail(string outcome, string error) =>
        Others is not null && !limit.TryTake() ? Others.Ended(outcome, error) : _failed.GetOrAdd(error, Make(outcome, error));

    private KeyValuePair<string, object?>[] Make(string outcome, string? error)
    {
        List<KeyValuePair<string, object?>> tags = [.. WithOutcome(outcome)];
        if (error is not null)
        {
            tags.Add(new(Attributes.Error.Name, error));
        }

        if (tenant is not null)
        {
            tags.Add(new(Attributes.Tenant.Name, tenant));
        }

        return [.. tags];
    }
}
