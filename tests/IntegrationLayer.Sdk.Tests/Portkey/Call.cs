using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Portkey;

/// <summary>Makes gateways, deployments and calls for the tests.</summary>
internal static class Call
{
    public const string Answer =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":2}}}""";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static ProviderAccount Account(string provider = "openai", Uri? host = null) =>
        new() { Name = "main", Provider = provider, ApiKey = "sk-provider-key-0123456789", CustomHost = host };

    public static Deployment Deployment(string provider = "openai", string model = "gpt-4o-mini", ProviderAccount? account = null, ModelCapabilities capabilities = default, int? maxOutput = null) => new()
    {
        Name = $"main/{model}",
        Account = account ?? Account(provider),
        ModelId = model,
        Model = new ModelInfo { Provider = provider, Model = model, Capabilities = capabilities, MaxOutputTokens = maxOutput },
    };

    public static GatewayEnvelope Envelope(LlmRequestContext? context = null, TimeSpan? remaining = null) =>
        new("trace-1", context ?? LlmRequestContext.Default, remaining ?? TimeSpan.FromSeconds(30));

    public static GatewayCall Chat(
        ChatOptions? options = null, Deployment? deployment = null, IReadOnlyList<ChatMessage>? messages = null, int? cap = null, GatewayEnvelope? envelope = null) =>
        new(deployment ?? Deployment(), messages ?? [new ChatMessage(ChatRole.User, "hi")], options, cap, envelope ?? Envelope());

    public static PortkeyGateway Gateway(HttpMessageHandler handler, PortkeyOptions? options = null)
    {
        PortkeyOptions current = options ?? new PortkeyOptions { ApiKey = "pk-gateway-key-0123456789" };
        return new PortkeyGateway(new HttpMessageInvoker(handler), () => current, new FakeTimeProvider(Now), NullLogger<PortkeyGateway>.Instance);
    }

    /// <summary>Sends a call and gives the body that went out.</summary>
    public static async Task<string> BodyOf(GatewayCall call)
    {
        ScriptedHandler handler = ScriptedHandler.Json(Answer);
        await Gateway(handler).SendAsync(call, default);
        return handler.Body!;
    }

    /// <summary>Gives the failure that an action ends in.</summary>
    public static async Task<LlmException> Failure(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (LlmException exception)
        {
            return exception;
        }

        throw new AssertionException("No LlmException was thrown.");
    }

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<List<ChatResponseUpdate>> ReadAll(GatewayStream stream)
    {
        List<ChatResponseUpdate> updates = [];
        await using (stream)
        {
            while (await stream.MoveNextAsync())
            {
                updates.Add(stream.Current.Content);
            }
        }

        return updates;
    }

    /// <summary>Streams a body of events through the gateway.</summary>
    public static async Task<List<ChatResponseUpdate>> Stream(string events, GatewayCall? call = null, PortkeyOptions? options = null) =>
        await ReadAll(await Gateway(ScriptedHandler.Events(events), options).OpenStreamAsync(call ?? Chat(), default));
}
