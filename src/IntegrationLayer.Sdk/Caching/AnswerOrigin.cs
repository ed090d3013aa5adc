namespace IntegrationLayer.Sdk.Caching;

/// <summary>For whom an answer was made, by whom, and for how much. The rest of its receipt is none of the next caller's business.</summary>
/// <param name="TenantId">The tenant who asked.</param>
/// <param name="Deployment">The deployment that answered.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="Model">The model that was asked.</param>
/// <param name="ModelServed">The model that answered, if the provider said.</param>
/// <param name="Saving">What giving it again saves, if anybody knows.</param>
/// <param name="Tags">The names that the application gave.</param>
internal sealed record AnswerOrigin(
    string? TenantId, string Deployment, string Provider, string Model, string? ModelServed, LlmSaving? Saving, IReadOnlyList<string> Tags)
{
    private const int MostTags = 64;

    public static AnswerOrigin Of(LlmReceipt receipt, string? tenantId, IReadOnlyList<string>? tags) =>
        new(tenantId, receipt.Deployment, receipt.Provider, receipt.Model, receipt.ModelServed, LlmSaving.OfHit(receipt), tags ?? []);

    public static AnswerOrigin Read(ref FieldReader reader)
    {
        string? tenantId = reader.ReadText();
        string deployment = reader.ReadText() ?? throw Incomplete();
        string provider = reader.ReadText() ?? throw Incomplete();
        string model = reader.ReadText() ?? throw Incomplete();
        string? modelServed = reader.ReadText();
        LlmSaving? saving = reader.Read<bool>()
            ? new LlmSaving { CacheUsd = reader.Read<decimal>(), PromptCacheUsd = reader.Read<decimal>(), RoutingUsd = reader.Read<decimal>() }
            : null;
        int count = reader.Read<int>();
        if (count is < 0 or > MostTags)
        {
            throw new FormatException("A stored answer has no such number of tags.");
        }

        string[] tags = new string[count];
        for (int i = 0; i < count; i++)
        {
            tags[i] = reader.ReadText() ?? throw Incomplete();
        }

        return new AnswerOrigin(tenantId, deployment, provider, model, modelServed, saving, tags);
    }

    public void Write(FieldWriter writer)
    {
        writer.Add(TenantId);
        writer.Add(Deployment);
        writer.Add(Provider);
        writer.Add(Model);
        writer.Add(ModelServed);
        writer.Add(Saving.HasValue);
        if (Saving is { } saving)
        {
            writer.Add(saving.CacheUsd);
            writer.Add(saving.PromptCacheUsd);
            writer.Add(saving.RoutingUsd);
        }

        writer.Add(Tags.Count);
        foreach (string tag in Tags)
        {
            writer.Add(tag);
        }
    }

    /// <summary>Gets by what the answer can be invalidated.</summary>
    public ulong[] Labels(CacheKeyRing ring) =>
    [
        ring.Label(CacheLabelKind.All, null),
        ring.Label(CacheLabelKind.Tenant, TenantId),
        ring.Label(CacheLabelKind.Model, Deployment),
        ring.Label(CacheLabelKind.Model, Model),
        ring.Label(CacheLabelKind.Model, ModelServed),
        .. Tags.Select(tag => ring.Label(CacheLabelKind.Tag, tag)),
    ];

    private static FormatException Incomplete() => new("A stored answer lacks a name.");
}
