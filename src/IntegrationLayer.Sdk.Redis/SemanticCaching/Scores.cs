using IntegrationLayer.Sdk.SemanticCaching;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.SemanticCaching;

/// <summary>Reads a server's scores as cosines. What they mean is found out once, by asking how near a vector is to itself.</summary>
internal sealed class Scores(RedisKey probe)
{
    private const double Halfway = 0.5;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly ReadOnlyMemory<float> Vector = new float[] { 1, 0, 0, 0 };

    private Func<double, float>? _cosine;

    /// <summary>Gets what makes a cosine of a score.</summary>
    public async ValueTask<Func<double, float>> ReaderAsync(IDatabase database) => _cosine ??= CosineBy(await AskAsync(database).ConfigureAwait(false));

    private static Func<double, float> CosineBy(ScoreScale scale) => scale is ScoreScale.Similarity
        ? static score => (float)((2 * score) - 1)
        : static score => (float)(1 - (score / 2));

    // Who comes first adds the vector.
    private async Task<ScoreScale> AskAsync(IDatabase database)
    {
        if (await ScoreOfItselfAsync(database).ConfigureAwait(false) is not { } score)
        {
            await database.VectorSetAddAsync(probe, VectorSetAddRequest.Member("itself", Vector)).ConfigureAwait(false);
            await database.KeyExpireAsync(probe, Lifetime).ConfigureAwait(false);
            score = await ScoreOfItselfAsync(database).ConfigureAwait(false)
                ?? throw new SemanticIndexException("Redis doesn't find a vector that was just added, so nobody can tell what its scores mean. It is asked again with the next question.");
        }

        return score < Halfway ? ScoreScale.SquaredDistance : ScoreScale.Similarity;
    }

    private async Task<double?> ScoreOfItselfAsync(IDatabase database)
    {
        VectorSetSimilaritySearchRequest request = VectorSetSimilaritySearchRequest.ByVector(Vector);
        (request.WithScores, request.Count) = (true, 1);
        using Lease<VectorSetSimilaritySearchResult>? found = await database.VectorSetSimilaritySearchAsync(probe, request).ConfigureAwait(false);
        return found is { Length: 1 } ? found.Span[0].Score : null;
    }
}
