using System.ClientModel;
using System.Diagnostics;
using OpenAI;
using OpenAI.Chat;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>OpenAI's own client.</summary>
internal sealed class OpenAIContender(Uri endpoint) : Contender("openai")
{
    private readonly ChatClient _client = ClientOf(endpoint);

    /// <summary>Makes the client with its default settings.</summary>
    public static ChatClient ClientOf(Uri endpoint) =>
        new("gpt-4o-mini", new ApiKeyCredential(ApiKey), new OpenAIClientOptions { Endpoint = endpoint });

    public override async Task<int> AskAsync(string question)
    {
        ClientResult<ChatCompletion> answer = await _client.CompleteChatAsync([new UserChatMessage(question)], OptionsOf());
        return answer.Value.Content[0].Text.Length;
    }

    public override async Task<(int Length, long FirstAt)> StreamAsync(string question)
    {
        (int length, long firstAt) = (0, 0);
        await foreach (StreamingChatCompletionUpdate update in _client.CompleteChatStreamingAsync([new UserChatMessage(question)], OptionsOf()))
        {
            if (update.ContentUpdate is [{ Text: { Length: > 0 } text }])
            {
                firstAt = firstAt == 0 ? Stopwatch.GetTimestamp() : firstAt;
                length += text.Length;
            }
        }

        return (length, firstAt);
    }

    public override void Dispose()
    {
        // The client has nothing to dispose: its connections are the process's.
    }

    private static ChatCompletionOptions OptionsOf() => new() { MaxOutputTokenCount = MaxOutputTokens };
}
