using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>Usage records as the journal holds them. What is added later goes to the end and raises the version; older records are read as before.</summary>
internal static class RecordCodec
{
    private const byte Version = 1;
    private const decimal PerUsd = 1_000_000_000m;

    public static void Write(FrameWriter to, UsageRecord record)
    {
        to.Byte(Version);
        to.Text(record.RequestId);
        to.Text(record.TraceId);
        WriteContext(to, record.Context);
        to.Signed(record.StartedAt.UtcTicks);
        to.Signed(record.Duration.Ticks);
        to.Signed(record.TimeToFirstToken?.Ticks ?? -1);
        to.Signed(record.Overhead.Ticks);
        to.Number((ulong)record.Kind);
        to.Flag(record.IsStreamed);
        to.Signed(record.MessageCount);
        to.Signed(record.ToolCount);
        to.Signed(record.MaxOutputTokens ?? -1);
        to.Float(record.Temperature ?? float.NaN);
        to.Text(record.ModelRequested);
        to.Text(record.RoutingPolicy);
        to.Signed(record.CandidateCount);
        to.Text(record.Deployment);
        to.Text(record.Provider);
        to.Text(record.Model);
        to.Text(record.ModelServed);
        to.Text(record.Outcome);
        to.Text(record.ErrorType);
        to.Text(record.FinishReason);
        to.Text(record.Cache);
        WriteTokens(to, record.Tokens);
        to.Number((ulong)record.PriceStatus);
        to.Signed(record.CostNanoUsd);
        to.Signed(record.WastedNanoUsd);
        to.Signed(record.ReservedNanoUsd);
        to.Signed(record.CacheSavingNanoUsd);
        to.Signed(record.PromptCacheSavingNanoUsd);
        to.Signed(record.RoutingSavingNanoUsd);
        WriteAttempts(to, record.Attempts);
    }

    /// <exception cref="InvalidDataException">The content is no record, or was written by a newer version.</exception>
    public static UsageRecord Read(ref FrameReader from)
    {
        byte version = from.Byte();
        if (version is 0 or > Version)
        {
            throw new InvalidDataException($"A record has version {version}; this package reads up to {Version}. Update IntegrationLayer.Sdk.Analytics.");
        }

        // Initialisers run in the order written, which is that of the content.
        return new UsageRecord
        {
            RequestId = from.Text() ?? "",
            TraceId = from.Text(),
            Context = ReadContext(ref from),
            StartedAt = new DateTimeOffset(from.Signed(), TimeSpan.Zero),
            Duration = TimeSpan.FromTicks(from.Signed()),
            TimeToFirstToken = from.Signed() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null,
            Overhead = TimeSpan.FromTicks(from.Signed()),
            Kind = (ModelKind)from.Int(),
            IsStreamed = from.Flag(),
            MessageCount = (int)from.Signed(),
            ToolCount = (int)from.Signed(),
            MaxOutputTokens = from.Signed() is >= 0 and var cap ? (int)cap : null,
            Temperature = from.Float() is var temperature && float.IsNaN(temperature) ? null : temperature,
            ModelRequested = from.Text(),
            RoutingPolicy = from.Text(),
            CandidateCount = (int)from.Signed(),
            Deployment = from.Text(),
            Provider = from.Text(),
            Model = from.Text(),
            ModelServed = from.Text(),
            Outcome = from.Text() ?? "",
            ErrorType = from.Text(),
            FinishReason = from.Text(),
            Cache = from.Text(),
            Tokens = ReadTokens(ref from),
            PriceStatus = (PriceStatus)from.Int(),
            CostNanoUsd = from.Signed(),
            WastedNanoUsd = from.Signed(),
            ReservedNanoUsd = from.Signed(),
            CacheSavingNanoUsd = from.Signed(),
            PromptCacheSavingNanoUsd = from.Signed(),
            RoutingSavingNanoUsd = from.Signed(),
            Attempts = ReadAttempts(ref from),
        };
    }

    private static void WriteContext(FrameWriter to, LlmRequestContext context)
    {
        to.Text(context.TenantId);
        to.Text(context.TeamId);
        to.Text(context.UserId);
        to.Text(context.KeyId);
        to.Text(context.SessionId);
        to.Text(context.Operation);
        to.Text(context.IdempotencyKey);
        to.Number((ulong)context.Tags.Count);
        foreach ((string key, string value) in context.Tags)
        {
            to.Text(key);
            to.Text(value);
        }
    }

    private static LlmRequestContext ReadContext(ref FrameReader from)
    {
        LlmRequestContext context = new()
        {
            TenantId = from.Text(),
            TeamId = from.Text(),
            UserId = from.Text(),
            KeyId = from.Text(),
            SessionId = from.Text(),
            Operation = from.Text() ?? "",
            IdempotencyKey = from.Text(),
        };
        int count = from.Int();
        if (count == 0)
        {
            return context;
        }

        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            tags[from.Text() ?? ""] = from.Text() ?? "";
        }

        return context with { Tags = tags };
    }

    private static void WriteTokens(FrameWriter to, TokenUsage tokens)
    {
        to.Signed(tokens.Input);
        to.Signed(tokens.CacheRead);
        to.Signed(tokens.CacheWrite);
        to.Signed(tokens.CacheWriteOneHour);
        to.Signed(tokens.Output);
        to.Signed(tokens.Reasoning);
        to.Signed(tokens.AudioInput);
        to.Signed(tokens.AudioOutput);
        to.Signed(tokens.ImageInput);
        to.Signed(tokens.ImageOutput);
        to.Signed(tokens.WebSearches);
    }

    private static TokenUsage ReadTokens(ref FrameReader from) => new()
    {
        Input = from.Signed(),
        CacheRead = from.Signed(),
        CacheWrite = from.Signed(),
        CacheWriteOneHour = from.Signed(),
        Output = from.Signed(),
        Reasoning = from.Signed(),
        AudioInput = from.Signed(),
        AudioOutput = from.Signed(),
        ImageInput = from.Signed(),
        ImageOutput = from.Signed(),
        WebSearches = from.Signed(),
    };

    private static void WriteAttempts(FrameWriter to, IReadOnlyList<LlmAttempt> attempts)
    {
        to.Number((ulong)attempts.Count);
        for (int i = 0; i < attempts.Count; i++)
        {
            LlmAttempt attempt = attempts[i];
            to.Text(attempt.Deployment);
            to.Text(attempt.Provider);
            to.Signed(attempt.Duration.Ticks);
            to.Signed((long)decimal.Round(attempt.Cost.Usd * PerUsd));
            to.Number((ulong)attempt.Cost.Status);
            to.Number((ulong)attempt.Error);
            to.Signed(attempt.StatusCode ?? -1);
            to.Flag(attempt.IsHedge);
        }
    }

    private static LlmAttempt[] ReadAttempts(ref FrameReader from)
    {
        var attempts = new LlmAttempt[from.Int()];
        for (int i = 0; i < attempts.Length; i++)
        {
            attempts[i] = new LlmAttempt
            {
                Deployment = from.Text() ?? "",
                Provider = from.Text() ?? "",
                Duration = TimeSpan.FromTicks(from.Signed()),
                Cost = new LlmCost(from.Signed() / PerUsd, (PriceStatus)from.Int()),
                Error = (LlmErrorClass)from.Int(),
                StatusCode = from.Signed() is >= 0 and var status ? (int)status : null,
                IsHedge = from.Flag(),
            };
        }

        return attempts;
    }
}
