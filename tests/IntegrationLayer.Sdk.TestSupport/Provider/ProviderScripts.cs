using System.Collections.Concurrent;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>Says what to do with a request, by its path prefix. Safe for concurrent use.</summary>
internal sealed class ProviderScripts
{
    private readonly ConcurrentDictionary<string, Func<RecordedRequest, ProviderBehavior>> _scripts = new(StringComparer.Ordinal);

    public void Set(string prefix, Func<RecordedRequest, ProviderBehavior> script) => _scripts[prefix] = script;

    public void Set(string prefix, IReadOnlyList<ProviderBehavior> behaviors)
    {
        if (behaviors.Count == 0)
        {
            throw new ArgumentException($"The script of '{prefix}' is empty: give at least one behaviour.", nameof(behaviors));
        }

        int next = -1;
        Set(prefix, _ => behaviors[Math.Min(Interlocked.Increment(ref next), behaviors.Count - 1)]);
    }

    public ProviderBehavior Next(RecordedRequest request) =>
        _scripts.TryGetValue(request.Prefix, out Func<RecordedRequest, ProviderBehavior>? script)
            ? script(request)
            : ProviderBehavior.Answers(new ProviderAnswer());
}
