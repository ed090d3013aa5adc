using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>A bare <see cref="HttpClient"/> with source-generated JSON: the yardstick.</summary>
internal sealed class RawContender(Uri endpoint) : Contender("raw")
{
    private readonly Uri _address = new(endpoint, "chat/completions");
    private readonly AuthenticationHeaderValue _authorization = new("Bearer", ApiKey);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public override async Task<int> AskAsync(string question)
    {
        using HttpRequestMessage request = RequestOf(question, stream: null);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        RawAnswer? answer = await response.Content.ReadFromJsonAsync(RawJson.Default.RawAnswer);
        return answer!.Choices[0].Message!.Content.Length;
    }

    public override async Task<(int Length, long FirstAt)> StreamAsync(string question)
    {
        using HttpRequestMessage request = RequestOf(question, stream: true);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        (int length, long firstAt) = (0, 0);
        SseParser<RawAnswer?> events = SseParser.Create(
            await response.Content.ReadAsStreamAsync(),
            static (_, data) => data.SequenceEqual("[DONE]"u8) ? null : JsonSerializer.Deserialize(data, RawJson.Default.RawAnswer));
        await foreach (SseItem<RawAnswer?> item in events.EnumerateAsync())
        {
            if (item.Data is { Choices: [{ Delta.Content: { Length: > 0 } text }] })
            {
                firstAt = firstAt == 0 ? Stopwatch.GetTimestamp() : firstAt;
                length += text.Length;
            }
        }

        return (length, firstAt);
    }

    public override void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(string question, bool? stream) => new(HttpMethod.Post, _address)
    {
        Headers = { Authorization = _authorization },
        Content = JsonContent.Create(
            new RawRequest("gpt-4o-mini", [new RawMessage("user", question)], MaxOutputTokens, stream, stream is null ? null : new RawStreamOptions(true)),
            RawJson.Default.RawRequest),
    };
}
