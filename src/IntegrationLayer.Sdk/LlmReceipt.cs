using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Routing;

namespace IntegrationLayer.Sdk;

/// <summary>What happened to a request, and what it cost.</summary>
public sealed record LlmReceipt
{
    // What is often absent is kept without a flag of its own: every answer carries a receipt.
    private static readonly TimeSpan None = TimeSpan.MinValue;

    private readonly double _similarity = double.NaN;
    private readonly TimeSpan _firstToken = None;
    private readonly int _reducedOutput;

    /// <summary>Gets the SDK's identifier of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Gets the trace identifier that the gateway was given.</summary>
    public string? TraceId { get; init; }

    /// <summary>Gets the name of the deployment that answered.</summary>
    public required string Deployment { get; init; }

    /// <summary>Gets the slug of the provider that answered.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the model that the caller asked for by name; <see langword="null"/> when routing chose freely.</summary>
    public string? ModelRequested { get; init; }

    /// <summary>Gets the model identifier that was sent to the provider.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the model that the provider says has answered, if it says so.</summary>
    public string? ModelServed { get; init; }

    /// <summary>Gets what the caller pays for the request, over all attempts.</summary>
    public required LlmCost Cost { get; init; }

    /// <summary>Gets what the same tokens would have cost uncached on the reference model (<see cref="IntegrationLayerOptions.ReferenceModel"/>), less <see cref="Cost"/>, by where the difference comes from.</summary>
    /// <value><see langword="null"/> when a price is unknown.</value>
    public LlmSaving? Saving { get; init; }

    /// <summary>Gets the sum of <see cref="Saving"/>, in US dollars.</summary>
    /// <value><see langword="null"/> when a price is unknown.</value>
    public decimal? SavingUsd => Saving?.TotalUsd;

    /// <summary>Gets the tokens of the answering attempt, by class.</summary>
    public TokenUsage Tokens { get; init; }

    /// <summary>Gets what was held back in the budgets before the call, in US dollars; zero when no limit covers the request.</summary>
    public decimal ReservedUsd { get; init; }

    /// <summary>Gets the cap on the answer, in tokens, if a budget could pay only for a smaller one than the request's own or the default; usually <see langword="null"/>.</summary>
    public int? ReducedOutputTokens
    {
        get => _reducedOutput > 0 ? _reducedOutput : null;
        init => _reducedOutput = value ?? 0;
    }

    /// <summary>Gets what the cache did.</summary>
    public CacheOutcome Cache { get; init; }

    /// <summary>Gets how similar the question was to the one whose answer was given.</summary>
    /// <value>The cosine of the angle between the two questions' vectors, up to 1; <see langword="null"/> unless <see cref="Cache"/> is <see cref="CacheOutcome.SemanticHit"/>.</value>
    public double? CacheSimilarity
    {
        get => double.IsNaN(_similarity) ? null : _similarity;
        init => _similarity = value ?? double.NaN;
    }

    /// <summary>Gets the calls that were made, in order; the last one answered. Empty for an answer from the cache.</summary>
    public IReadOnlyList<LlmAttempt> Attempts { get; init; } = [];

    /// <summary>Gets how often the answer's stream broke off and was continued by a further call (<see cref="LlmRequest.ContinueBrokenStream"/>).</summary>
    public int Continuations { get; init; }

    /// <summary>Gets what of the conversation was changed or left out for the deployment that answered, because another provider wrote it.</summary>
    public LlmHistoryRepairs HistoryRepairs { get; init; }

    /// <summary>Gets why the deployment was chosen; <see langword="null"/> for an answer from the cache.</summary>
    public RouteDecision? Routing { get; init; }

    /// <summary>Gets the time from the call to the first content; <see langword="null"/> unless streamed.</summary>
    public TimeSpan? TimeToFirstToken
    {
        get => _firstToken == None ? null : _firstToken;
        init => _firstToken = value ?? None;
    }

    /// <summary>Gets the time from the call to the end of the answer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets the part of <see cref="Duration"/> spent in the SDK itself: neither waiting for the gateway nor for the consumer of a stream.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>Gives the deployment, the cost, whether it came from the cache, and the calls in order: <c>openai/gpt-4o, $0.0012; attempts: azure/gpt-4o: Timeout &gt; openai/gpt-4o</c>.</summary>
    /// <returns>The text, in the invariant culture.</returns>
    public override string ToString()
    {
        string cache = Cache switch
        {
            CacheOutcome.Bypassed or CacheOutcome.Miss => "",
            CacheOutcome.Coalesced => ", shared with an identical call",
            _ => ", from the cache",
        };
        string attempts = Attempts.Count == 0 ? "" : $"; attempts: {string.Join(" > ", Attempts)}";
        return $"{Deployment}, {Cost}{cache}{attempts}";
    }
}
