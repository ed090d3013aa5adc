using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Tests;

/// <summary>All that a stream brought.</summary>
internal sealed class StreamReading
{
    public required HttpResponseMessage Response { get; init; }

    public required string Raw { get; init; }

    public Exception? Failure { get; init; }

    public IReadOnlyList<string> Payloads =>
        [.. Raw.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])];

    public IReadOnlyList<JsonElement> Chunks => [.. Payloads.Where(payload => payload.StartsWith('{')).Select(payload => JsonElement.Parse(payload))];

    public bool IsDone => Payloads is [.., "[DONE]"];

    public string Text => string.Concat(Deltas.Select(delta => delta.TryGetProperty("content", out JsonElement content) ? content.GetString() : null));

    public IEnumerable<JsonElement> Deltas => Choices.Select(choice => choice.GetProperty("delta"));

    public string? FinishReason => Choices.Select(choice => choice.GetProperty("finish_reason").GetString()).LastOrDefault(reason => reason is not null);

    public IReadOnlyList<JsonElement> Usages =>
        [.. Chunks.Where(chunk => chunk.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object).Select(chunk => chunk.GetProperty("usage"))];

    private IEnumerable<JsonElement> Choices =>
        Chunks.SelectMany(chunk => chunk.TryGetProperty("choices", out JsonElement choices) ? choices.EnumerateArray().ToArray() : []);

    public static async Task<StreamReading> ReadAsync(HttpResponseMessage response)
    {
        Stream stream = await response.Content.ReadAsStreamAsync();
        List<byte> all = [];
        byte[] buffer = new byte[4096];
        Exception? failure = null;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                all.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (IOException exception)
        {
            failure = exception;
        }

        return new StreamReading { Response = response, Raw = Encoding.UTF8.GetString([.. all]), Failure = failure };
    }
}
