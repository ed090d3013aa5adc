using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class ChunkPatternTests
{
    [TestCase("""{"c":"one","u":null}""", """{"c":"another","u":null}""", "another")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"ünï","u":null}""", "ünï")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"","u":null}""", null, Description = "no text")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"a\"b","u":null}""", null, Description = "an escape")]
    [TestCase("""{"c":"one","u":null}""", "{\"c\":\"a\nb\",\"u\":null}", null, Description = "a control character")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"two","u":1}""", null, Description = "another end")]
    [TestCase("""{"c":"one","u":null}""", """{"d":"two","u":null}""", null, Description = "another start")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"two","u":null} """, null, Description = "more")]
    [TestCase("""{"c":"one","u":null}""", """{"c":"two""", null, Description = "a part")]
    public void Chunk_fits_if_only_its_text_differs(string known, string next, string? expected)
    {
        ChunkPattern pattern = default;
        pattern.Learn(Encoding.UTF8.GetBytes(known), 6..9, padding: null);

        Assert.That(pattern.TryRead(Encoding.UTF8.GetBytes(next), out string text) ? text : null, Is.EqualTo(expected));
    }

    [TestCase("""{"c":"two","p":"yz"}""", "two")]
    [TestCase("""{"c":"two","p":""}""", "two")]
    [TestCase("""{"c":"two","p":"y\u0020"}""", null)]
    [TestCase("""{"c":"two","p":"y","p":"z"}""", null)]
    [TestCase("""{"c":"two","p":"y""", null)]
    public void Chunk_fits_whatever_its_padding(string next, string? expected)
    {
        ChunkPattern pattern = default;
        pattern.Learn("""{"c":"one","p":"x"}"""u8, 6..9, 16..17);

        Assert.That(pattern.TryRead(Encoding.UTF8.GetBytes(next), out string text) ? text : null, Is.EqualTo(expected));
    }

    [Test]
    public void Nothing_fits_a_pattern_that_is_forgotten_or_was_never_learnt()
    {
        ChunkPattern pattern = default;
        Assert.That(pattern.TryRead("""{"c":"one"}"""u8, out _), Is.False);

        pattern.Learn("""{"c":"one"}"""u8, 6..9, null);
        pattern.Forget();

        Assert.That(pattern.TryRead("""{"c":"one"}"""u8, out _), Is.False);
    }

    // An empty chunk tells nothing, and makes the reader forget its pattern: what follows is read in full.
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Chunks_read_by_pattern_are_the_same_as_chunks_read_in_full((byte Kind, NonNull<string> Text)[] pieces)
    {
        byte[][] chunks = [.. pieces.Select(p => Chunk(p.Kind, p.Text.Get))];

        Assert.That(Read(chunks), Is.EqualTo(Read([.. chunks.SelectMany(c => (byte[][])["{}"u8.ToArray(), c])])));
    }

    private static byte[] Chunk(byte kind, string text)
    {
        string json = $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
        string chunk = (kind % 11) switch
        {
            0 => """{"id":"c","fp":"other","model":"m","choices":[{"index":0,"delta":{"content":<text>}}]}""",
            1 => """{"id":"c","model":"n","choices":[{"index":0,"delta":{"content":<text>}}]}""",
            2 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":<text>,"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"1"}}]}}]}""",
            3 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":<text>},"finish_reason":"stop"}]}""",
            4 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":<text>,"reasoning":"r"}}]}""",
            5 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":<text>}}],"obfuscation":"<padding>"}""",
            6 => """{"id":"c","obfuscation":"<padding>","model":"m","choices":[{"index":0,"delta":{"content":<text>}}]}""",
            7 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"twice","content":<text>}}],"usage":{"prompt_tokens":3,"completion_tokens":<length>}}""",
            8 => """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":<text>,"content":[{"type":"text","text":"block"}]}}]}""",
            _ => """{"id":"c","fp":"x","model":"m","choices":[{"index":0,"delta":{"content":<text>}}]}""",
        };
        return Encoding.UTF8.GetBytes(chunk
            .Replace("<padding>", new string('x', text.Length % 9), StringComparison.Ordinal)
            .Replace("<length>", text.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("<text>", json, StringComparison.Ordinal));
    }

    private static string Read(byte[][] chunks)
    {
        using var reader = new ChunkReader("openai", keepsReasoning: true);
        List<ChatResponseUpdate> updates = [];
        foreach (byte[] chunk in chunks)
        {
            if (reader.Read(chunk) is { } update)
            {
                updates.Add(update.Content);
            }
        }

        if (reader.ReadEnd() is { } end)
        {
            updates.Add(end.Content);
        }

        return JsonSerializer.Serialize(updates, AIJsonUtilities.DefaultOptions);
    }
}
