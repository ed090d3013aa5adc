using System.Text.Json;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A request as the gateway received it. Immutable; safe to read while the answer is still being written.</summary>
public sealed class FakePortkeyRequest
{
    private readonly TaskCompletionSource<FakePortkeyOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FakePortkeyRequest(string method, string path, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        Method = method;
        Path = path;
        Headers = headers;
        Body = body;
        Json = RequestJson.Parse(body);
    }

    /// <summary>Gets the HTTP method in capitals, for example <c>POST</c>.</summary>
    public string Method { get; }

    /// <summary>Gets the path with its query, for example <c>/v1/chat/completions</c>.</summary>
    public string Path { get; }

    /// <summary>Gets all request headers; names ignore case, several values of one name are joined by a comma and a blank.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Gets the body's bytes; empty when there was none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the parsed body; <see cref="JsonValueKind.Undefined"/> when the body is empty or no JSON.</summary>
    public JsonElement Json { get; }

    /// <summary>Gets the body's <c>model</c>; null when absent.</summary>
    public string? Model => RequestJson.Text(Json, "model");

    /// <summary>Gets a value indicating whether the body's <c>stream</c> is <c>true</c>.</summary>
    public bool IsStream => RequestJson.Flag(Json, "stream");

    /// <summary>Gets a value indicating whether the body asks for a usage chunk with <c>stream_options.include_usage</c>.</summary>
    public bool IncludesUsage => RequestJson.Flag(RequestJson.Property(Json, "stream_options"), "include_usage");

    /// <summary>Gets the text of the last message whose role is <c>user</c>, its text parts joined; empty when there is none.</summary>
    public string Prompt => RequestJson.LastUserText(Json);

    /// <summary>Gets the header <c>x-portkey-provider</c>, else <c>provider</c> of the JSON in <c>x-portkey-config</c> or of its first target; null when absent.</summary>
    public string? Provider => Header("x-portkey-provider") ?? RequestJson.ProviderOfConfig(Config);

    /// <summary>Gets the header <c>x-portkey-custom-host</c>; null when absent.</summary>
    public string? CustomHost => Header("x-portkey-custom-host");

    /// <summary>Gets the header <c>x-portkey-config</c>; null when absent.</summary>
    public string? Config => Header("x-portkey-config");

    /// <summary>Gets the header <c>x-portkey-metadata</c>; null when absent.</summary>
    public string? Metadata => Header("x-portkey-metadata");

    /// <summary>Gets the header <c>x-portkey-trace-id</c>; null when absent.</summary>
    public string? TraceId => Header("x-portkey-trace-id");

    /// <summary>Gets the header <c>x-portkey-api-key</c>; null when absent.</summary>
    public string? PortkeyApiKey => Header("x-portkey-api-key");

    /// <summary>Gets the provider key: <c>Authorization</c> without <c>Bearer</c>; null when absent.</summary>
    public string? ApiKey =>
        Header("authorization") is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : null;

    /// <summary>Gets how the request ended; not completed while the answer is being written.</summary>
    public Task<FakePortkeyOutcome> Outcome => _outcome.Task;

    /// <summary>Finds one request header.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <returns>The value, or null when absent.</returns>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Method, path, provider, model and prompt on one line, without keys.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string prompt = Prompt.Length <= 80 ? Prompt : string.Concat(Prompt.AsSpan(0, 80), "…");
        return $"{Method} {Path} provider={Provider ?? "-"} model={Model ?? "-"} stream={(IsStream ? "true" : "false")} prompt=\"{prompt}\"";
    }

    internal void End(FakePortkeyOutcome outcome) => _outcome.TrySetResult(outcome);
}
