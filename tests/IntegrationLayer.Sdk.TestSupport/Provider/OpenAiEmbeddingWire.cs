using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>OpenAI's <c>POST /v1/embeddings</c>, numbers or base64. The same text always gets the same unit vector.</summary>
internal sealed class OpenAiEmbeddingWire : IProviderWire
{
    private readonly OpenAiWire _chat = new();

    public string ErrorEvent => _chat.ErrorEvent;

    public bool IsStream(RecordedRequest request) => false;

    public string Error(ErrorBehavior error) => _chat.Error(error);

    public IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer) =>
        throw new NotSupportedException("Embeddings are not streamed.");

    public string Whole(RecordedRequest request, ProviderAnswer answer)
    {
        bool base64 = request.Property("encoding_format") is { } format && format.GetString() == "base64";
        int dimensions = request.Property("dimensions") is { } wanted ? wanted.GetInt32() : answer.Dimensions;
        return JsonSerializer.Serialize(new
        {
            @object = "list",
            data = Inputs(request).Select((input, index) => new
            {
                @object = "embedding",
                index,
                embedding = base64 ? (object)Base64(Embed(input, dimensions)) : Embed(input, dimensions),
            }),
            model = request.Model,
            usage = answer.Usage is { } usage
                ? new { prompt_tokens = usage.InputTokens, total_tokens = usage.InputTokens }
                : null,
        });
    }

    private static IEnumerable<string> Inputs(RecordedRequest request) => request.Property("input") switch
    {
        { ValueKind: JsonValueKind.Array } inputs => inputs.EnumerateArray().Select(input => input.ToString()),
        { } input => [input.ToString()],
        null => [],
    };

    private static float[] Embed(string input, int dimensions)
    {
        float[] vector = new float[dimensions];
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(input));
        for (int i = 0; i < dimensions; i++)
        {
            // Never all zero, so that the length below is positive.
            vector[i] = digest[i % digest.Length] - 127.5f;
        }

        float length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static string Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
}
