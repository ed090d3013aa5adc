using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;

namespace Dashboard;

/// <summary>Guests who ask all the time, some of them the same; and a model that is ill now and then.</summary>
internal static class Guests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static FakePortkey Script()
    {
        int calls = 0;
        FakePortkey script = new(TimeProvider.System);
        script.OnChat("gpt-4.1-mini").Reply(_ => Interlocked.Increment(ref calls) % 20 < 8
            ? FakePortkeyError.ServerError()
            : FakePortkeyReply.Text("It depends on the contract."));
        script.OnChat().Reply("The invoice is due on the thirtieth day after it was written, unless the contract says otherwise.");
        return script;
    }

    public static async Task AskAsync(ILlmClient client, CancellationToken cancellationToken)
    {
        string?[] models = [null, "gpt-4o-mini", "gpt-4.1-mini", "claude-haiku-4-5", "gemini-2.5-flash"];
        using var timer = new PeriodicTimer(Pause);
        for (int i = 0; await timer.WaitForNextTickAsync(cancellationToken); i++)
        {
            try
            {
                string question = i % 3 == 0 ? "When is breakfast?" : $"When is invoice {i} due?";
                await client.GetResponseAsync(new LlmRequest(question) { Options = new ChatOptions { ModelId = models[i % models.Length], MaxOutputTokens = 200 } }, cancellationToken);
            }
            catch (IntegrationLayerException)
            {
                // It is on the screen.
            }
        }
    }
}
