using System.Diagnostics;
using IntegrationLayer.Sdk;

namespace Quickstart;

/// <summary>An answer as it is written. The last update carries the receipt.</summary>
internal static class StreamingStep
{
    public static async Task RunAsync(ILlmClient client)
    {
        Screen.Heading("3. Streaming: the answer as it is written");
        long start = Stopwatch.GetTimestamp();
        int pieces = 0;
        await foreach (LlmResponseUpdate update in client.GetStreamingResponseAsync("Why call models through a gateway?"))
        {
            if (update.Text.Length > 0)
            {
                Screen.Write(update.Text);
                pieces++;
            }

            if (update.Receipt is { } receipt)
            {
                Screen.Say("");
                Screen.Say(FormattableString.Invariant(
                    $"{receipt.Deployment}: first piece after {receipt.TimeToFirstToken?.TotalMilliseconds:0} ms, {pieces} pieces in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms, {receipt.Cost}"));
            }
        }
    }
}
