using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>What a simulated provider answers.</summary>
internal readonly record struct SimulatedAnswer(HttpStatusCode Status, string Body)
{
    private const string Text = "The parcel left the depot this morning and arrives tomorrow before noon.";

    /// <summary>Gets the complete answer.</summary>
    public static SimulatedAnswer Good { get; } = new(
        HttpStatusCode.OK,
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1767600000,"model":"simulated","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":14,"total_tokens":26}}""");

    /// <summary>Gets an answer of which the end is missing.</summary>
    public static SimulatedAnswer CutShort { get; } = new(HttpStatusCode.OK, Good.Body[..120]);

    /// <summary>Tells whether a text is the whole answer.</summary>
    public static bool IsWhole(string text) => text == Text;

    public HttpResponseMessage ToMessage() => new(Status)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(Body.StartsWith('<') ? "text/html" : "application/json") },
        },
    };
}
