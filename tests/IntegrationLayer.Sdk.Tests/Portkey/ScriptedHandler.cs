using System.Net;
using System.Text;

namespace IntegrationLayer.Sdk.Tests.Portkey;

/// <summary>Answers every request with what it was told to, and keeps what it was sent.</summary>
internal sealed class ScriptedHandler : HttpMessageHandler
{
    private readonly Func<HttpRequestMessage, HttpResponseMessage> _answer;

    public ScriptedHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) => _answer = answer;

    public string? Body { get; private set; }

    public Uri? Address { get; private set; }

    public long? ContentLength { get; private set; }

    public string? ContentType { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int Count { get; private set; }

    public static ScriptedHandler Json(string body, int status = 200, params (string Name, string Value)[] headers) =>
        new(_ => Answer(status, Encoding.UTF8.GetBytes(body), "application/json", headers));

    public static ScriptedHandler Events(string body, params (string Name, string Value)[] headers) =>
        new(_ => Answer(200, Encoding.UTF8.GetBytes(body), "text/event-stream; charset=utf-8", headers));

    public static ScriptedHandler Failing(Exception exception) => new(_ => throw exception);

    public static HttpResponseMessage Answer(int status, byte[] body, string? type, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = new((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        if (type is not null)
        {
            response.Content.Headers.Add("Content-Type", type);
        }

        foreach ((string name, string value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Count++;
        Address = request.RequestUri;
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            Headers[name] = string.Join(",", values);
        }

        if (request.Content is not null)
        {
            ContentLength = request.Content.Headers.ContentLength;
            ContentType = request.Content.Headers.ContentType?.ToString();
            Body = await request.Content.ReadAsStringAsync(cancellationToken);
        }

        return _answer(request);
    }
}
