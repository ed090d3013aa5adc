using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>OpenAI's client as an <see cref="IChatClient"/>, bare or with Microsoft.Extensions.AI's own layers.</summary>
internal sealed class ChatClientContender : Contender
{
    private const string SourceName = "meai_full";
    private readonly IChatClient _client;
    private readonly bool _isWatched;

    private ChatClientContender(string name, IChatClient client, bool isWatched)
        : base(name)
    {
        _client = client;
        _isWatched = isWatched;
    }

    public static ChatClientContender Bare(Uri endpoint) => new("meai", OpenAIContender.ClientOf(endpoint).AsIChatClient(), isWatched: false);

    /// <summary>With telemetry, a cache that misses, a tool and its invocation, and logging.</summary>
    public static ChatClientContender Full(Uri endpoint)
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = 64L * 1024 * 1024 }));
        ILoggerFactory logging = LoggerFactory.Create(static logs => logs.SetMinimumLevel(LogLevel.Information).AddProvider(new SilentLoggerProvider()));
        return new(
            "meai_full",
            OpenAIContender.ClientOf(endpoint).AsIChatClient().AsBuilder()
                .UseLogging(logging)
                .UseDistributedCache(cache, static c => c.CacheKeyAdditionalValues = [])
                .UseFunctionInvocation(logging)
                .UseOpenTelemetry(logging, SourceName)
                .Build(),
            isWatched: true);
    }

    public override async Task<int> AskAsync(string question)
    {
        ChatResponse answer = await _client.GetResponseAsync([new ChatMessage(ChatRole.User, question)], OptionsOf());
        return answer.Text.Length;
    }

    public override async Task<(int Length, long FirstAt)> StreamAsync(string question)
    {
        (int length, long firstAt) = (0, 0);
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, question)], OptionsOf()))
        {
            if (update.Text is { Length: > 0 } text)
            {
                firstAt = firstAt == 0 ? Stopwatch.GetTimestamp() : firstAt;
                length += text.Length;
            }
        }

        return (length, firstAt);
    }

    public override IDisposable? Watch() => _isWatched ? new Watcher(SourceName) : null;

    public override void Dispose() => _client.Dispose();

    private ChatOptions OptionsOf() => new() { MaxOutputTokens = MaxOutputTokens, Tools = _isWatched ? [Tool] : null };
}
