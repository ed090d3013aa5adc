using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>A request as the provider received it.</summary>
public sealed class RecordedRequest
{
    private static readonly string[] ApiRoots = ["/v1/", "/v1beta/"];

    private readonly TaskCompletionSource<bool> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RecordedRequest(HttpRequest request, string body)
    {
        Method = request.Method;
        Path = request.Path.Value ?? "";
        Query = request.QueryString.Value ?? "";
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Body = body;
        Json = Parse(body);
        int root = ApiRoots.Select(candidate => Path.IndexOf(candidate, StringComparison.Ordinal)).Max();
        Prefix = root > 0 ? Path[1..root] : "";
        Endpoint = root >= 0 ? Path[root..] : Path;
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The whole path, such as <c>/cheap/v1/chat/completions</c>.</summary>
    public string Path { get; }

    /// <summary>What stands before the API's own path and tells deployments apart, such as <c>cheap</c>.</summary>
    public string Prefix { get; }

    /// <summary>The API's own path, such as <c>/v1/chat/completions</c>.</summary>
    public string Endpoint { get; }

    /// <summary>The query with its question mark, or an empty string.</summary>
    public string Query { get; }

    /// <summary>The headers; names in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body as text.</summary>
    public string Body { get; }

    /// <summary>The body as JSON, <see cref="JsonValueKind.Undefined"/> if it is none.</summary>
    public JsonElement Json { get; }

    /// <summary>The <c>model</c> of the body, or an empty string.</summary>
    public string Model => Property("model") is { ValueKind: JsonValueKind.String } model ? model.GetString()! : "";

    /// <summary>Whether the body asks for a stream.</summary>
    public bool IsStream => Property("stream") is { ValueKind: JsonValueKind.True };

    /// <summary>
    /// Completes when the provider is through with the request: true if the caller closed the connection before it had
    /// the whole response.
    /// </summary>
    public Task<bool> ClosedEarly => _finished.Task;

    /// <summary>A property of the body's top level, or null.</summary>
    public JsonElement? Property(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out JsonElement value) ? value : null;

    internal static async Task<RecordedRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(request.Body);
        return new RecordedRequest(request, await reader.ReadToEndAsync(cancellationToken));
    }

    internal void Finish(bool closedEarly) => _finished.TrySetResult(closedEarly);

    private static JsonElement Parse(string body)
    {
        try
        {
            return body.Length == 0 ? default : JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
