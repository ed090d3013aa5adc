using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;

namespace Observability;

/// <summary>Requests of every kind: whole and streamed, new and repeated, with tools, without money, left early, and to a model that is often too busy.</summary>
internal sealed class Traffic(ILlmClient client, TimeProvider timeProvider) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Plays the providers: one of them turns every third call away.</summary>
    public static FakePortkey Script()
    {
        int busy = 0;
        FakePortkey script = new(TimeProvider.System);
        script.OnChat("gpt-4.1-mini").Reply(_ => Interlocked.Increment(ref busy) % 3 == 0
            ? FakePortkeyError.ServerError()
            : Answer("It depends on the contract."));
        script.OnChat().Reply(_ => Answer("The invoice is due on the thirtieth day after it was written, unless the contract says otherwise."));
        script.OnEmbeddings().Reply(static _ => new float[] { 0.1f, 0.2f, 0.3f });
        return script;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (int i = 0; !stoppingToken.IsCancellationRequested; i++)
        {
            try
            {
                await MakeAsync(i, stoppingToken);
            }
            catch (Exception e) when (e is IntegrationLayerException or OperationCanceledException)
            {
                // Some are meant to fail: how they do is what the metrics show.
            }

            await Task.Delay(Pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static FakePortkeyReply Answer(string text) => FakePortkeyReply.Text(text)
        .WithChunkInterval(TimeSpan.FromMilliseconds(2))
        .WithHeader("x-ratelimit-remaining-requests", "9998")
        .WithHeader("x-ratelimit-remaining-tokens", "1999000");

    private Task MakeAsync(int i, CancellationToken cancellationToken) => (i % 10) switch
    {
        0 or 1 => client.GetResponseAsync(Request("greet", "Say hello to the guest.", model: null), cancellationToken),
        2 => StreamAsync(Request("invoice", $"When is invoice {i} due?", model: null), isRead: true, cancellationToken),
        3 => StreamAsync(Request("invoice", $"When is invoice {i} due?", model: null), isRead: false, cancellationToken),
        4 => client.GetResponseAsync(Request("refund", "Can I have my money back?", model: null) with { Context = new() { Operation = "refund", TenantId = "poor" } }, cancellationToken),
        5 or 6 => client.GetResponseAsync(Request("contract", $"Is clause {i} binding?", "gpt-4.1-mini"), cancellationToken),
        7 => Task.WhenAll(
            client.GetResponseAsync(Request("contract", $"Is paragraph {i} binding?", "gpt-4o-mini"), cancellationToken),
            client.GetResponseAsync(Request("contract", $"Is paragraph {i} binding?", "gpt-4o-mini"), cancellationToken)),
        _ => client.GetResponseAsync(Request("invoice", $"Who pays invoice {i}?", "gpt-4o-mini"), cancellationToken),
    };

    private async Task StreamAsync(LlmRequest request, bool isRead, CancellationToken cancellationToken)
    {
        await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync(request, cancellationToken))
        {
            if (!isRead && update.Text.Length > 0)
            {
                return;
            }
        }
    }

    private static LlmRequest Request(string operation, string question, string? model) => new(question)
    {
        Context = new LlmRequestContext { Operation = operation, TenantId = "acme" },
        Options = new ChatOptions { ModelId = model, MaxOutputTokens = 100 },
    };
}
