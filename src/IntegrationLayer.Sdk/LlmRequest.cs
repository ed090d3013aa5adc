using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk;

/// <summary>A request to a language model.</summary>
/// <remarks>
/// Name a model with <see cref="ChatOptions.ModelId"/> (a deployment's name, an alias, a model or <c>provider/model</c>), or name none and
/// describe what it needs with <see cref="Requirements"/>. What the messages and options show by themselves (tools, images, audio,
/// files, a JSON schema) need not be repeated there.
/// </remarks>
public sealed record LlmRequest
{
    /// <summary>Creates a request of one user message.</summary>
    /// <param name="prompt">What to ask.</param>
    public LlmRequest(string prompt)
        : this([new ChatMessage(ChatRole.User, prompt ?? throw new ArgumentNullException(nameof(prompt)))])
    {
    }

    /// <summary>Creates a request from a conversation.</summary>
    /// <param name="messages">The conversation so far, oldest first. At least one.</param>
    /// <exception cref="ArgumentException"><paramref name="messages"/> is empty.</exception>
    public LlmRequest(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (Messages.Count == 0)
        {
            throw new ArgumentException("A request needs at least one message.", nameof(messages));
        }
    }

    private LlmRequest(LlmRequest original, IReadOnlyList<ChatMessage> messages)
        : this(original) => Messages = messages;

    /// <summary>Gets the conversation so far, oldest first.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private init; }

    /// <summary>Gets the sampling, tool and format options.</summary>
    public ChatOptions? Options { get; init; }

    /// <summary>Gets what the model must be able to do, where and at what cost.</summary>
    public ModelRequirements Requirements { get; init; } = ModelRequirements.Any;

    /// <summary>Gets who asks, for what purpose, and by when the answer is due.</summary>
    public LlmRequestContext Context { get; init; } = LlmRequestContext.Default;

    /// <summary>Gets how the cache may be used.</summary>
    /// <value>The default is <see cref="CacheDirective.Default"/>: as the cache policy says.</value>
    public CacheDirective Caching { get; init; } = CacheDirective.Default;

    /// <summary>Gets the name of the routing policy for this request.</summary>
    /// <value>When <see langword="null"/>, <see cref="IntegrationLayerOptions.RoutingPolicy"/> applies.</value>
    public string? RoutingPolicy { get; init; }

    /// <summary>Gets a value indicating whether the model's work itself has effects outside, such as a tool that the provider runs.</summary>
    /// <value>
    /// The default is <see langword="false"/>: an answer that is thrown away does no harm. When <see langword="true"/>, the request is never sent again after a call that the
    /// provider may have worked on, and its answer doesn't come from a cache.
    /// </value>
    public bool HasSideEffects { get; init; }

    /// <summary>Gets a value indicating whether a stream that breaks off after its first content is continued by a further call, with the text so far as the beginning of its answer.</summary>
    /// <value>
    /// The default is <see langword="false"/>: a broken stream is an <see cref="LlmStreamInterruptedException"/>. When <see langword="true"/>, it is continued if nothing but text has come (no tool call was begun), by
    /// the same model only, on a deployment that declares <see cref="ModelCapabilities.Prefill"/>, within the request's one deadline, its attempts, its budgets and all other requirements. An update says so
    /// (<see cref="LlmResponseUpdate.ContinuedBy"/>), and so does the receipt. Never with <see cref="HasSideEffects"/>.
    /// </value>
    public bool ContinueBrokenStream { get; init; }

    /// <summary>Makes the request again as one that asks for a new answer after its caller has gone on: nothing of it is the caller's any more, its time least of all.</summary>
    internal LlmRequest ForRefresh() => this with
    {
        Messages = [.. Messages],
        Options = Options?.Clone(),
        Context = Context with { Timeout = null, Deadline = null, IdempotencyKey = null, TraceId = null },
        Caching = Caching with { Reads = false },
    };

    /// <summary>Gets the kind of model that the request is for.</summary>
    internal ModelKind Kind { get; init; }

    /// <summary>Gets what the semantic cache found for the same question before, if the request is made to see whether that was right.</summary>
    internal SemanticFinding? Checked { get; init; }

    /// <summary>Gets the request with another conversation.</summary>
    internal LlmRequest With(IReadOnlyList<ChatMessage> messages) => new(this, messages);
}
