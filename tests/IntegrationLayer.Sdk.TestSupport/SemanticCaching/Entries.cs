using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.TestSupport.SemanticCaching;

/// <summary>Makes entries.</summary>
public static class Entries
{
    /// <summary>An entry of which the question matters.</summary>
    public static SemanticEntry Of(string question, string partition = "one", string answer = "yes", string? id = null, DateTimeOffset? expiresAt = null) => new()
    {
        Id = id ?? question,
        Partition = partition,
        Question = question,
        AnswerId = answer,
        Answer = new byte[] { 1, 2, 3 },
        ExpiresAt = expiresAt ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    /// <summary>A vector of length 1 in a random direction.</summary>
    public static float[] Direction(Random random, int dimensions)
    {
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.5))];
        float length = MathF.Sqrt(vector.Sum(static v => v * v));
        return [.. vector.Select(v => v / length)];
    }

    /// <summary>The cosine of two vectors of length 1.</summary>
    public static float Dot(float[] vector, float[] other) => vector.Zip(other).Sum(static p => p.First * p.Second);
}
