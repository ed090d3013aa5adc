namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What was found for a question: kept until it is known what the model says.</summary>
/// <param name="Question">The question.</param>
/// <param name="Reading">The question as it is compared with others.</param>
/// <param name="Vector">Its vector.</param>
/// <param name="Partition">The partition with the space of the vectors.</param>
/// <param name="Matches">What is near.</param>
/// <param name="Verdict">What the neighbours say.</param>
/// <param name="Judgement">Whether an answer is given.</param>
internal sealed record SemanticFinding(
    SemanticQuestion Question,
    Question Reading,
    ReadOnlyMemory<float> Vector,
    string Partition,
    IReadOnlyList<SemanticMatch> Matches,
    Verdict? Verdict,
    Judgement Judgement)
{
    /// <summary>Gets the entry with the most votes; <see langword="null"/> if there is none.</summary>
    public SemanticMatch? Winner => Verdict is { } verdict ? Matches[verdict.Winner] : null;

    /// <summary>Gets the entry whose answer is given; <see langword="null"/> if none is.</summary>
    public SemanticEntry? Accepted => Judgement.IsAccepted ? Winner?.Entry : null;
}
