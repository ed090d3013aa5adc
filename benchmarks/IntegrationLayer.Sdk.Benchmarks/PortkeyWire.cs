using System.Globalization;
using System.Text;

namespace IntegrationLayer.Sdk.Benchmarks;

/// <summary>Answers as a gateway sends them.</summary>
internal static class PortkeyWire
{
    public const int Chunks = 50;

    private const string Head = """{"id":"chatcmpl-9x2kQv0bF3","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_0ba0d124f1",""";
    private const string Usage = """{"prompt_tokens":64,"completion_tokens":52,"total_tokens":116,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}""";

    private static readonly string[] Words = ["The ", "invoice ", "of ", "March ", "is ", "due ", "on ", "the ", "thirtieth ", "day. "];

    public static byte[] Answer() => Encoding.UTF8.GetBytes(
        $$"""{{Head}}"choices":[{"index":0,"message":{"role":"assistant","content":"{{string.Concat(Enumerable.Range(0, Chunks).Select(i => Words[i % Words.Length]))}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{{Usage}}}""");

    public static byte[] Stream()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Chunks; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""data: {{Head}}"choices":[{"index":0,"delta":{"content":"{{Words[i % Words.Length]}}"},"logprobs":null,"finish_reason":null}],"usage":null}""").Append("\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""data: {{Head}}"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}""").Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $$"""data: {{Head}}"choices":[],"usage":{{Usage}}}""").Append("\n\n");
        return Encoding.UTF8.GetBytes(text.Append("data: [DONE]\n\n").ToString());
    }
}
