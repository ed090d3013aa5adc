namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Settings of the semantic cache. Checked when the application starts.</summary>
public sealed class SemanticCacheOptions
{
    /// <summary>Gets or sets which part of all answers from the cache, exact ones included, may belong to another question.</summary>
    /// <value>From 0.0001 to 0.2; the default is 0.01. The SDK keeps below it by its own estimate, which it checks against the model.</value>
    public double MaxFalseHitRate { get; set; } = 0.01;

    /// <summary>Gets or sets how sure the SDK must be of any single answer, whatever the rate of false ones is.</summary>
    /// <value>From 0.5 to 0.999; the default is 0.5, as sure as of a coin: what bounds the errors is <see cref="MaxFalseHitRate"/>.</value>
    public double MinConfidence { get; set; } = 0.5;

    /// <summary>Gets or sets to which part of the answers from the cache the model is asked the same in the background, to see whether they were right.</summary>
    /// <value>From 0 to 0.2; the default is 0.02. At 0 nothing is checked, and only what misses teach is learned.</value>
    public double ShadowRate { get; set; } = 0.02;

    /// <summary>Gets or sets how long making a vector may take before the request goes on without it.</summary>
    /// <value>From 1 ms to 10 s; the default is 100 ms.</value>
    public TimeSpan EmbeddingTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets how similar the vectors of two questions must be, at least, for one's answer to be given to the other.</summary>
    /// <value>From -1 to 1. When <see langword="null"/>, as is the default, 0.3 for the SDK's own vectors, and 0.8 for those of other embedders.</value>
    public double? MinSimilarity { get; set; }

    /// <summary>Gets or sets how alike two answers must be to count as one, if they aren't equal: the cosine of their lexical vectors. Their numbers and negations must be equal besides.</summary>
    /// <value>From 0.5 to 1; the default is 0.95.</value>
    public double AnswerSimilarity { get; set; } = 0.95;

    /// <summary>Gets or sets how many messages a conversation may have for its last question to be looked up, the system's message not counted.</summary>
    /// <value>From 1 to 100; the default is 4.</value>
    public int MaxTurns { get; set; } = 4;

    /// <summary>Gets or sets how long a question may be.</summary>
    /// <value>In characters, from 16 to 2,000; the default is 1,000.</value>
    public int MaxQuestionLength { get; set; } = 1_000;

    /// <summary>Gets or sets how many questions are kept in memory; the oldest go first.</summary>
    /// <value>From 1 to 10,000,000; the default is 100,000.</value>
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>Gets or sets how many bytes of questions, answers and vectors are kept in memory; the oldest go first.</summary>
    /// <value>From 64 KiB to 1 TiB; the default is 256 MiB.</value>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Gets or sets of how many partitions the SDK remembers what it has learned; the one unused for longest goes first.</summary>
    /// <value>From 1 to 1,000,000; the default is 1,000.</value>
    public int MaxPartitions { get; set; } = 1_000;
}
