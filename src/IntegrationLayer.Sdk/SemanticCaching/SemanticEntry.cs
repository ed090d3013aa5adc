namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A question that a model answered, and its answer.</summary>
public sealed class SemanticEntry
{
    private const int Overhead = 160;

    private Question? _reading;

    /// <summary>Gets what names the entry within its partition.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the partition: a digest of who may be given the answer, of everything else in the request, and of the embedder.</summary>
    public required string Partition { get; init; }

    /// <summary>Gets the question.</summary>
    public required string Question { get; init; }

    /// <summary>Gets what the answer has in common with answers that say the same.</summary>
    public required string AnswerId { get; init; }

    /// <summary>Gets the answer in the SDK's own form. Entries with equal answers may share the memory.</summary>
    public required ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>Gets the moment from which on the answer may not be given any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets how many bytes of memory it takes, roughly, without its vector.</summary>
    public int Size => Overhead + (2 * (Id.Length + Question.Length)) + Answer.Length + Reading.Size;

    /// <summary>Gets the question as it is compared with others.</summary>
    internal Question Reading => _reading ??= QuestionReader.Read(Question);
}
