using System.Collections.Concurrent;
using System.Diagnostics;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The span of each request, and beneath it those of its calls and stages.</summary>
internal sealed class RequestSpans : IDisposable
{
    // Names of spans are kept: as many as there may be models in an application, not as many as a caller may invent.
    private const int MostNames = 1_000;
    private const int LongestName = 128;

    private readonly ActivitySource _source = new(IntegrationLayerDiagnostics.ActivitySourceName);
    private readonly ConcurrentDictionary<string, string> _chats = new(StringComparer.Ordinal);

    /// <summary>Begins the span of a request; <see langword="null"/> if nobody listens.</summary>
    public Activity? Start(LlmRequest request) => _source.HasListeners() ? _source.StartActivity(NameOf(request), ActivityKind.Client) : null;

    /// <summary>Begins a span beneath a request's that has ended already.</summary>
    public Activity? StartChild(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset startedAt) =>
        _source.StartActivity(name, kind, parent, tags: null, links: null, startedAt);

    /// <summary>Puts on a span what became of its request.</summary>
    public static void Describe(Activity activity, CallRecord call)
    {
        if (!activity.IsAllDataRequested)
        {
            return;
        }

        activity.AddTag("gen_ai.operation.name", TagTable.NameOf(call.Request.Kind));
        activity.AddTag("integration_layer.request.id", call.RequestId);
        if ((call.Request.Options?.ModelId ?? call.Receipt?.Model) is { } model)
        {
            activity.AddTag("gen_ai.request.model", model);
        }

        if (call.Receipt is { } receipt)
        {
            activity.AddTag("gen_ai.provider.name", receipt.Provider);
            activity.AddTag("gen_ai.response.model", receipt.ModelServed ?? receipt.Model);
            activity.AddTag("gen_ai.usage.input_tokens", (int)receipt.Tokens.TotalInput);
            activity.AddTag("gen_ai.usage.output_tokens", (int)receipt.Tokens.TotalOutput);
            activity.AddTag("integration_layer.deployment", receipt.Deployment);
            activity.AddTag("integration_layer.attempts", receipt.Attempts.Count);
        }

        if (call.ErrorType is { } error)
        {
            activity.AddTag("error.type", error);
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    public void Dispose() => _source.Dispose();

    private string NameOf(LlmRequest request)
    {
        string kind = TagTable.NameOf(request.Kind);
        return request.Options?.ModelId is not { Length: > 0 } model ? kind
            : request.Kind is Models.ModelKind.Embedding ? $"{kind} {model}"
            : _chats.TryGetValue(model, out string? known) ? known
            : _chats.Count < MostNames && model.Length <= LongestName ? _chats.GetOrAdd(model, static name => $"chat {name}") : $"{kind} {model}";
    }
}
