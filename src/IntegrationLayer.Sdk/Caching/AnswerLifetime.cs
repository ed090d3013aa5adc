namespace IntegrationLayer.Sdk.Caching;

/// <summary>From when until when an answer may be given.</summary>
/// <param name="CachedAt">When it was written.</param>
/// <param name="RefreshAt">From when on it is stale: it may be given while somebody asks anew.</param>
/// <param name="ExpiresAt">When it is to be forgotten.</param>
/// <param name="Stamp">The last invalidation that was known when its request began.</param>
internal readonly record struct AnswerLifetime(DateTimeOffset CachedAt, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt, long Stamp)
{
    /// <summary>Gets a value indicating whether the answer goes stale before it is to be forgotten.</summary>
    public bool GoesStale => RefreshAt < ExpiresAt;

    public static AnswerLifetime Read(ref FieldReader reader) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(reader.Read<long>()),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.Read<long>()),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.Read<long>()),
        reader.Read<long>());

    public void Write(FieldWriter writer)
    {
        writer.Add(CachedAt.ToUnixTimeMilliseconds());
        writer.Add(RefreshAt.ToUnixTimeMilliseconds());
        writer.Add(ExpiresAt.ToUnixTimeMilliseconds());
        writer.Add(Stamp);
    }
}
