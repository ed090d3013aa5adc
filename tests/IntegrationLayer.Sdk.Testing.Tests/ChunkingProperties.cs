using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class ChunkingProperties
{
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Pieces_of_a_text_join_to_the_text() => Prop.ForAll(Texts(), text =>
    {
        IReadOnlyList<string> pieces = SseText.Pieces(text);
        return string.Concat(pieces) == text && pieces.All(piece => piece.Length is > 0 and <= 17);
    });

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Streamed_text_arrives_whole_however_it_is_chunked() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<byte>().Zip(Texts().Generator).Select(pair => (Seed: pair.Item1, Text: pair.Item2)).ToArbitrary(),
        input => ArrivesAsync(Chunks(input.Text, input.Seed), input.Text).GetAwaiter().GetResult());

    private static Arbitrary<string> Texts() =>
        ArbMap.Default.GeneratorFor<string>()
            .Select(text => text ?? string.Empty)
            .Zip(Gen.Elements("", "é", "漢字", "🙂🙃 x", "\r\n\r\n", "data: [DONE]", "\"\\"))
            .Select(pair => new string([.. (pair.Item1 + pair.Item2 + pair.Item1).Where(letter => !char.IsSurrogate(letter))]) + pair.Item2)
            .ToArbitrary();

    private static List<string> Chunks(string text, byte seed)
    {
        List<string> chunks = [];
        StringBuilder chunk = new();
        int step = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            chunk.Append(rune);
            if (++step % ((seed % 7) + 1) == 0)
            {
                chunks.Add(chunk.ToString());
                chunk.Clear();
            }
        }

        chunks.Add(chunk.ToString());
        return chunks;
    }

    private static async Task<bool> ArrivesAsync(List<string> chunks, string text)
    {
        FakePortkey fake = new();
        fake.OnChat().Reply(FakePortkeyReply.Stream(chunks).WithFault(FakePortkeyStreamFault.SplitUtf8()));
        using HttpClient client = fake.CreateHttpClient();
        using HttpResponseMessage response = await client.SendAsync(GatewayClient.Request(stream: true), HttpCompletionOption.ResponseHeadersRead);
        StreamReading stream = await StreamReading.ReadAsync(response);
        return stream.IsDone && stream.Text == text && stream.Chunks.All(chunk => chunk.ValueKind == JsonValueKind.Object);
    }
}
