namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Remembers the metadata of who has asked before, in a fixed number of places: the same few callers ask again and again.</summary>
internal sealed class MetadataMemo
{
    private const int Places = 256;
    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>Gets the metadata of a caller, written by <paramref name="write"/> if it isn't known.</summary>
    /// <param name="context">The caller; one with tags is not remembered, as those tend to differ from request to request.</param>
    /// <param name="write">Writes the metadata.</param>
    public string Get(LlmRequestContext context, Func<LlmRequestContext, string> write)
    {
        if (context.Tags.Count > 0)
        {
            return write(context);
        }

        ref Entry? place = ref _entries[(uint)HashCode.Combine(context.UserId, context.TenantId, context.TeamId, context.Operation) % Places];
        if (place is { } known && known.IsOf(context))
        {
            return known.Metadata;
        }

        string metadata = write(context);
        place = new Entry(context.UserId, context.TenantId, context.TeamId, context.Operation, metadata);
        return metadata;
    }

    private sealed record Entry(string? User, string? Tenant, string? Team, string Operation, string Metadata)
    {
        public bool IsOf(LlmRequestContext context) =>
            User == context.UserId && Tenant == context.TenantId && Team == context.TeamId && Operation == context.Operation;
    }
}
