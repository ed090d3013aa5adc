using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>Reads a server's scores as cosines. What they mean is found out once, by asking how near a vector is to itself.</summary>
internal sealed class Scores(RedisKey probe)
{
    private const double Halfway = 0.5;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private Func<double, float>? _cosine;

    /// <summary>Gets what makes a cosine of a score.</summary>
    public async ValueTask<Func<double, float>> ReaderAsync(IDatabase database) => _cosine ??= CosineBy(await AskAsync(database).ConfigureAwait(false));

    private static Func<double, float> CosineBy(ScoreScale scale) => scale is ScoreScale.Similarity
        ? static score => (float)((2 * score) - 1)
        : static score => (float)(1 - (score / 2));

    private async Task<ScoreScale> AskAsync(IDatabase database)
    {
        ReadOnlyMemory<float> vector = new float[] { 1, 0, 0, 0 };
        Task adding = database.VectorSetAddAsync(probe, VectorSetAddRequest.Member("itself", vector));
        Task expiring = database.KeyExpireAsync(probe, Lifetime);
        VectorSetSimilaritySearchRequest asked = VectorSetSimilaritySearchRequest.ByVector(vector);
        (asked.WithScores, asked.Count) = (true, 1);
        Task<Lease<VectorSetSimilaritySearchResult>?> searching = database.VectorSetSimilaritySearchAsync(probe, asked);
        await Task.WhenAll(adding, expiring, searching).ConfigureAwait(false);
        using Lease<VectorSetSimilaritySearchResult>? found = await searching.ConfigureAwait(false);
        return found is { Length: 1 } && found.Span[0].Score < Halfway ? ScoreScale.SquaredDistance : ScoreScale.Similarity;
    }
}
