namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Finds the questions answered before that are nearest to a vector.</summary>
/// <remarks>
/// Safe for concurrent use. An index only looks things up: whether an answer may be given is not its business, and the SDK checks the
/// partition and the time of everything it is given again. One that can't be reached throws; the request goes on without it.
/// </remarks>
public interface ISemanticIndex
{
    /// <summary>Finds the nearest entries of a partition.</summary>
    /// <param name="partition">The partition: what is in another must not be found.</param>
    /// <param name="vector">The vector; its length is 1.</param>
    /// <param name="count">How many entries to find at most.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The entries, the nearest first.</returns>
    ValueTask<IReadOnlyList<SemanticMatch>> SearchAsync(string partition, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken);

    /// <summary>Adds an entry, in place of one with the same <see cref="SemanticEntry.Id"/> in the same partition.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="vector">Its question's vector; its length is 1.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>A task that ends when the entry can be found.</returns>
    /// <exception cref="SemanticIndexException">The vector's number of dimensions isn't that of the partition's other vectors.</exception>
    ValueTask AddAsync(SemanticEntry entry, ReadOnlyMemory<float> vector, CancellationToken cancellationToken);

    /// <summary>Forgets an entry, if it is there.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="id">The entry's <see cref="SemanticEntry.Id"/>.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    /// <returns>A task that ends when the entry can't be found any more.</returns>
    ValueTask RemoveAsync(string partition, string id, CancellationToken cancellationToken);
}
