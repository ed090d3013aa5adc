using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>A gateway whose every call a test answers as it likes.</summary>
internal sealed class ScriptedGateway : IModelGateway
{
    private readonly Lock _gate = new();
    private readonly List<GatewayCall> _calls = [];

    public IReadOnlyList<GatewayCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The deployments called, in order.</summary>
    public IEnumerable<string> Called => Calls.Select(c => c.Deployment.Name);

    public Func<GatewayCall, CancellationToken, Task<ChatResponse>> OnSend { get; set; } = static (call, _) => Task.FromResult(Answer(call));

    public Func<GatewayCall, CancellationToken, Task<ScriptedStream>> OnOpen { get; set; } =
        static (_, _) => Task.FromResult(new ScriptedStream().Write("hi").Finish().End());

    public Func<GatewayEmbeddingCall, CancellationToken, Task<GatewayEmbeddings>> OnEmbed { get; set; } =
        static (call, _) => Task.FromResult(new GatewayEmbeddings([.. call.Inputs.Select(_ => new Embedding<float>(new float[2]))], new GatewayInfo(200)));

    /// <summary>What whole answers say of the provider's rate limits.</summary>
    public Func<GatewayCall, RateLimits?> Limits { get; set; } = static _ => null;

    public static ChatResponse Answer(GatewayCall call, string text = "hi") => new(new ChatMessage(ChatRole.Assistant, text))
    {
        ModelId = call.Deployment.ModelId,
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20, TotalTokenCount = 30 },
    };

    /// <summary>Never answers, unless it is cancelled.</summary>
    public static async Task<T> Hang<T>(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException("Nobody waits that long.");
    }

    public async ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        Add(call);
        return new GatewayResponse(await OnSend(call, cancellationToken), new GatewayInfo(200, Limits: Limits(call)));
    }

    public async ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken)
    {
        Add(call);
        ScriptedStream stream = await OnOpen(call, cancellationToken);
        stream.Token = cancellationToken;
        return stream;
    }

    public async ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken)
    {
        Add(new GatewayCall(call.Deployment, [], null, null, call.Envelope));
        return await OnEmbed(call, cancellationToken);
    }

    private void Add(GatewayCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }
}
