using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Tests;

/// <summary>A client of a fake over one of its fronts, and short names for the calls that tests make.</summary>
internal sealed class GatewayClient : IAsyncDisposable
{
    private readonly FakePortkeyServer? _server;

    private GatewayClient(HttpClient http, FakePortkeyServer? server)
    {
        Http = http;
        _server = server;
    }

    public HttpClient Http { get; }

    public static async Task<GatewayClient> OpenAsync(Front front, FakePortkey fake)
    {
        if (front == Front.Handler)
        {
            return new GatewayClient(fake.CreateHttpClient(), server: null);
        }

        FakePortkeyServer server = await fake.StartServerAsync();
        HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
        return new GatewayClient(http, server);
    }

    public static HttpRequestMessage Request(
        string model = "m", bool stream = false, bool usage = false, string prompt = "hi", string provider = "openai")
    {
        string options = usage ? ",\"stream_options\":{\"include_usage\":true}" : string.Empty;
        string body = $$"""{"model":{{Quote(model)}},"messages":[{"role":"user","content":{{Quote(prompt)}}}]{{(stream ? ",\"stream\":true" : string.Empty)}}{{options}}}""";
        HttpRequestMessage request = new(HttpMethod.Post, "chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-portkey-provider", provider);
        request.Headers.Add("Authorization", "Bearer sk-test");
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public async Task<(HttpResponseMessage Response, JsonElement Json)> ChatAsync(string model = "m", string prompt = "hi", string provider = "openai")
    {
        HttpResponseMessage response = await SendAsync(Request(model, prompt: prompt, provider: provider));
        return (response, await JsonAsync(response));
    }

    public async Task<string> TextAsync(string model = "m", string prompt = "hi", string provider = "openai")
    {
        (HttpResponseMessage response, JsonElement json) = await ChatAsync(model, prompt, provider);
        return response.IsSuccessStatusCode
            ? json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!
            : ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<StreamReading> StreamAsync(bool usage = false, string model = "m", string provider = "openai")
    {
        using HttpResponseMessage response = await SendAsync(Request(model, stream: true, usage, provider: provider));
        return await StreamReading.ReadAsync(response);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return body.Length == 0 ? default : JsonElement.Parse(body);
    }

    public static string Quote(string text) => JsonEncodedText.Encode(text) is { } encoded ? $"\"{encoded}\"" : string.Empty;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
