namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>What the provider does with one request. Make one with the methods here and change it with <c>with</c>.</summary>
public abstract record ProviderBehavior
{
    /// <summary>Time before the response headers, by the server's clock; none by default.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>No response headers before this completes.</summary>
    public Task HoldHeaders { get; init; } = Task.CompletedTask;

    /// <summary>Response headers go out, but no byte of the body before this completes.</summary>
    public Task HoldBody { get; init; } = Task.CompletedTask;

    /// <summary>Response headers beside the content type, such as <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Answers with a text, one stream event a chunk.</summary>
    public static AnswerBehavior Says(params IReadOnlyList<string> chunks) => new(new ProviderAnswer { Chunks = chunks });

    /// <summary>Answers with one tool call and no text.</summary>
    public static AnswerBehavior CallsTool(string name, string argumentsJson) =>
        new(new ProviderAnswer { Chunks = [], ToolCalls = [new ProviderToolCall("call_1", name, argumentsJson)] });

    /// <summary>Answers with anything the model could say.</summary>
    public static AnswerBehavior Answers(ProviderAnswer answer) => new(answer);

    /// <summary>Answers with an error in the body format of the wire that was asked.</summary>
    /// <param name="status">HTTP status, such as 429.</param>
    /// <param name="message">The provider's message.</param>
    /// <param name="retryAfter">Value of a <c>Retry-After</c> header; no header by default.</param>
    public static ErrorBehavior Fails(int status, string message = "the provider refused", string? retryAfter = null)
    {
        ErrorBehavior behavior = new(status, message);
        return retryAfter is null
            ? behavior
            : behavior with { Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfter } };
    }

    /// <summary>Closes the connection before any response header.</summary>
    public static ResetBehavior Resets() => new();

    /// <summary>Sends a body as it is, each chunk flushed by itself.</summary>
    public static RawBehavior Sends(int status, string contentType, params IReadOnlyList<string> chunks) => new(status, contentType, chunks);

    /// <summary>Sends an HTML page, as a proxy in front of a provider does.</summary>
    public static RawBehavior SendsHtml(int status) =>
        Sends(status, "text/html", $"<html><body><h1>{status} from a proxy</h1></body></html>");

    /// <summary>Sends JSON that breaks off, with status 200.</summary>
    public static RawBehavior SendsBrokenJson() => Sends(200, "application/json", """{"id":"chatcmpl-1","choices":[{"index":0,"mess""");

    /// <summary>Sends an error body with status 200.</summary>
    public static RawBehavior SendsErrorWithSuccess(string message = "the model is overloaded") =>
        Sends(200, "application/json", OpenAiWire.ErrorBody(message, "server_error", null));
}
