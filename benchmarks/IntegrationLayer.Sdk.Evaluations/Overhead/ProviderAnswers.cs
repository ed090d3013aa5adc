using System.Globalization;
using System.Text;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>What the provider answers, as bytes made once, and what the contenders ask.</summary>
internal static class ProviderAnswers
{
    /// <summary>How many chunks of text a stream has.</summary>
    public const int Chunks = 50;

    private const string Head = """{"id":"chatcmpl-9x2kQv0bF3","object":"chat.completion","created":1767225600,"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_0ba0d124f1",""";
    private const string ChunkHead = """{"id":"chatcmpl-9x2kQv0bF3","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_0ba0d124f1",""";
    private const string Usage = """{"prompt_tokens":64,"completion_tokens":52,"total_tokens":116,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}""";

    private static readonly string[] Words = ["The ", "invoice ", "of ", "March ", "is ", "due ", "on ", "the ", "thirtieth ", "day. "];

    /// <summary>Gets the whole answer.</summary>
    public static byte[] Whole { get; } = Encoding.UTF8.GetBytes(
        $$"""{{Head}}"choices":[{"index":0,"message":{"role":"assistant","content":"{{Text()}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{{Usage}}}""");

    /// <summary>Gets the stream: role, <see cref="Chunks"/> chunks of text, finish reason, usage, end.</summary>
    public static byte[] Stream { get; } = Encoding.UTF8.GetBytes(Events());

    /// <summary>Gets the length of the text that every contender must have read.</summary>
    public static int TextLength { get; } = Text().Length;

    /// <summary>Makes a question that was not asked before, so that no cache can answer it.</summary>
    public static string Question(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"You are given the invoice with the number {number}. Say in one paragraph when it is due, who has to approve it and what happens if it is paid late.");

    private static string Text() => string.Concat(Enumerable.Range(0, Chunks).Select(i => Words[i % Words.Length]));

    private static string Events()
    {
        var text = new StringBuilder();
        Choice("""{"role":"assistant","content":"","refusal":null}""", "null");
        for (int i = 0; i < Chunks; i++)
        {
            Choice($$"""{"content":"{{Words[i % Words.Length]}}"}""", "null");
        }

        Choice("{}", "\"stop\"");
        text.Append(CultureInfo.InvariantCulture, $$"""data: {{ChunkHead}}"choices":[],"usage":{{Usage}}}""").Append("\n\n");
        return text.Append("data: [DONE]\n\n").ToString();

        void Choice(string delta, string finish) => text.Append(
            CultureInfo.InvariantCulture,
            $$"""data: {{ChunkHead}}"choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}],"usage":null}""").Append("\n\n");
    }
}
