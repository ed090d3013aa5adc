using IntegrationLayer.Sdk;

namespace Quickstart;

/// <summary>Every answer comes with a receipt: who answered, what it cost, and what it saved.</summary>
internal static class ReceiptStep
{
    public static async Task RunAsync(ILlmClient client)
    {
        Screen.Heading("4. The receipt: who answered, and what it cost");
        LlmResponse response = await client.GetResponseAsync("What does a gateway cost?");
        LlmReceipt receipt = response.Receipt;
        Screen.Show(["receipt", ""],
        [
            ["answered by", receipt.Deployment],
            ["tokens", FormattableString.Invariant($"{receipt.Tokens.TotalInput} in, {receipt.Tokens.TotalOutput} out")],
            ["cost", receipt.Cost.ToString()],
            ["saved against the dearest candidate", receipt.SavingUsd is { } saving ? FormattableString.Invariant($"${saving}") : "unknown"],
            ["took", FormattableString.Invariant($"{receipt.Duration.TotalMilliseconds:0} ms, of which {receipt.Overhead.TotalMilliseconds:0.0} ms in the SDK")],
            ["trace id at the gateway", receipt.TraceId ?? "none"],
        ]);
    }
}
