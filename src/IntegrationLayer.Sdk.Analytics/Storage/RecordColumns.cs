using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The table of records: its columns and their values.</summary>
internal static class RecordColumns
{
    /// <summary>Gets the columns, in the order that <see cref="Write"/> gives their values. Durations are in microseconds, money in billionths of a US dollar.</summary>
    public static IReadOnlyList<RecordColumn> All { get; } =
    [
        Count("started_at"), Count("series"), Count("caller"),
        Text("request_id", isRequired: true), Text("trace_id"), Text("session_id"), Text("idempotency_key"),
        Count("duration"), Optional("first_token"), Count("overhead"), Class("duration_class"), Class("first_token_class"),
        Count("is_streamed"), Count("messages"), Count("tools"), Optional("max_output_tokens"), new("temperature", RecordColumnType.Real, false),
        Text("model_requested"), Text("model_served"), Text("routing_policy"), Count("candidates"), Optional("status_code"), Text("finish_reason"),
        Count("input"), Count("cache_read"), Count("cache_write"), Count("cache_write_1h"), Count("output"), Count("reasoning"),
        Count("audio_input"), Count("audio_output"), Count("image_input"), Count("image_output"), Count("web_searches"),
        Count("cost"), Count("wasted"), Count("reserved"), Count("saved_cache"), Count("saved_prompt_cache"), Count("saved_routing"),
        Count("attempt_count"), Text("attempts"), Text("tags"),
    ];

    public static void Write(UsageRecord record, long series, long caller, IColumnWriter to)
    {
        to.Integer(record.StartedAt.UtcTicks);
        to.Integer(series);
        to.Integer(caller);
        to.Text(record.RequestId);
        to.Text(record.TraceId);
        to.Text(record.Context.SessionId);
        to.Text(record.Context.IdempotencyKey);
        WriteTimes(record, to);
        to.Integer(record.IsStreamed ? 1 : 0);
        to.Integer(record.MessageCount);
        to.Integer(record.ToolCount);
        to.Optional(record.MaxOutputTokens);
        to.Real(record.Temperature);
        to.Text(record.ModelRequested);
        to.Text(record.ModelServed);
        to.Text(record.RoutingPolicy);
        to.Integer(record.CandidateCount);
        to.Optional(record.StatusCode);
        to.Text(record.FinishReason);
        WriteTokens(record.Tokens, to);
        to.Integer(record.CostNanoUsd);
        to.Integer(record.WastedNanoUsd);
        to.Integer(record.ReservedNanoUsd);
        to.Integer(record.CacheSavingNanoUsd);
        to.Integer(record.PromptCacheSavingNanoUsd);
        to.Integer(record.RoutingSavingNanoUsd);
        to.Integer(record.Attempts.Count);
        to.Text(AttemptText.Of(record.Attempts));
        to.Text(TagText.Of(record.Context.Tags));
    }

    private static void WriteTimes(UsageRecord record, IColumnWriter to)
    {
        bool isTimed = TotalsColumns.IsTimed(record);
        to.Integer(record.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
        to.Optional(record.TimeToFirstToken?.Ticks / TimeSpan.TicksPerMicrosecond);
        to.Integer(record.Overhead.Ticks / TimeSpan.TicksPerMicrosecond);
        to.Class(isTimed ? LatencyHistogram.ClassOf(record.Duration) : null);
        to.Class(isTimed && record.TimeToFirstToken is { } first ? LatencyHistogram.ClassOf(first) : null);
    }

    private static void WriteTokens(in TokenUsage tokens, IColumnWriter to)
    {
        to.Integer(tokens.Input);
        to.Integer(tokens.CacheRead);
        to.Integer(tokens.CacheWrite);
        to.Integer(tokens.CacheWriteOneHour);
        to.Integer(tokens.Output);
        to.Integer(tokens.Reasoning);
        to.Integer(tokens.AudioInput);
        to.Integer(tokens.AudioOutput);
        to.Integer(tokens.ImageInput);
        to.Integer(tokens.ImageOutput);
        to.Integer(tokens.WebSearches);
    }

    private static RecordColumn Count(string name) => new(name, RecordColumnType.Integer, true);

    private static RecordColumn Optional(string name) => new(name, RecordColumnType.Integer, false);

    private static RecordColumn Class(string name) => new(name, RecordColumnType.Class, false);

    private static RecordColumn Text(string name, bool isRequired = false) => new(name, RecordColumnType.Text, isRequired);
}
