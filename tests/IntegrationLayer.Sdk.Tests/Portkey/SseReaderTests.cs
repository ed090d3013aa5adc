using System.Text;
using System.Text.Json;
using FsCheck;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class SseReaderTests
{
    private const string Valid =
        "\uFEFF: hello\ndata: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a😀\"}}]}\r\n\r\nevent: x\r\ndata:{\"choices\":\rdata:[{\"delta\":{\"content\":\"é\"}}]}\n\n"
        + "id: 1\nretry: 5\ndata: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}]}}]}\n\n"
        + "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}}]}\r\rdata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

    [TestCase("data: a\n\n", new[] { "a" })]
    [TestCase("data:a\n\n", new[] { "a" })]
    [TestCase("data:  a\n\n", new[] { " a" })]
    [TestCase("data: a\r\rdata: b\r\r", new[] { "a", "b" })]
    [TestCase("data: a\r\ndata: b\r\n\r\n", new[] { "a\nb" })]
    [TestCase("data: a\ndata\ndata: b\n\n", new[] { "a\n\nb" })]
    [TestCase(": comment\n\ndata: a\n:x\n\n", new[] { "a" })]
    [TestCase("\uFEFFdata: a\n\n", new[] { "a" })]
    [TestCase("id: 1\nretry: 2\nevent: x\nother: y\ndata: a\n\n", new[] { "a" })]
    [TestCase("event: x\n\ndata: a", new[] { "a" })]
    [TestCase("data: a\n", new[] { "a" })]
    [TestCase("datax: a\n\nData: b\n\n", new string[0])]
    [TestCase("data\n\n", new[] { "" })]
    [TestCase("", new string[0])]
    [TestCase("\uFEFF", new string[0])]
    public void Events_are_split(string text, string[] expected)
    {
        foreach (int size in (int[])[1, 2, 3, 7, 1000])
        {
            Assert.That(Split(Encoding.UTF8.GetBytes(text), size), Is.EqualTo(expected), $"in pieces of {size}");
        }
    }

    [Test]
    public void Type_error_is_told_for_its_event_only()
    {
        using SseReader reader = Fed("event: error\ndata: a\n\ndata: b\n\nevent: error\n\ndata: c\n\n"u8.ToArray());

        List<bool> errors = [];
        while (reader.TryRead(out _, out bool isError))
        {
            errors.Add(isError);
        }

        Assert.That(errors, Is.EqualTo(new[] { true, false, false }));
    }

    [FsCheck.NUnit.Property]
    public void Any_bytes_give_the_same_events_however_they_are_cut(byte[] bytes, PositiveInt size)
    {
        // Line ends and field names are rare among random bytes.
        byte[] text = [.. bytes.SelectMany(value => (value % 8) switch { 0 => "\n"u8.ToArray(), 1 => "\r"u8.ToArray(), 2 => "data:"u8.ToArray(), 3 => " "u8.ToArray(), _ => [value] })];

        Assert.That(Split(text, size.Get), Is.EqualTo(Split(text, int.MaxValue)));
    }

    [FsCheck.NUnit.Property]
    public void Valid_stream_gives_the_same_answer_however_it_is_cut(PositiveInt size)
    {
        ChatResponse response = Read(Encoding.UTF8.GetBytes(Valid), size.Get % 97).GetAwaiter().GetResult()!;

        Assert.That(response.Text, Is.EqualTo("a😀é"));
        FunctionCallContent call = response.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.That((call.Name, ((JsonElement)call.Arguments!["a"]!).GetInt32(), response.FinishReason, response.Usage!.TotalTokenCount), Is.EqualTo(("f", 1, ChatFinishReason.ToolCalls, 3L)));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_damage_gives_an_answer_or_an_llm_exception(byte[] noise, PositiveInt position, PositiveInt size)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Valid);
        for (int index = 0; index < noise.Length; index++)
        {
            bytes[(position.Get + (index * 37)) % bytes.Length] = noise[index];
        }

        Assert.That(() => Read(bytes, size.Get % 50).GetAwaiter().GetResult(), Throws.Nothing);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_cut_gives_an_answer_or_an_llm_exception(PositiveInt length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Valid);

        Assert.That(() => Read(bytes[..(length.Get % bytes.Length)], 1000).GetAwaiter().GetResult(), Throws.Nothing);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_damaged_whole_answer_gives_an_answer_or_an_llm_exception(byte[] noise, PositiveInt position)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Call.Answer);
        for (int index = 0; index < noise.Length; index++)
        {
            bytes[(position.Get + (index * 13)) % bytes.Length] = noise[index];
        }

        ScriptedHandler handler = new(_ => ScriptedHandler.Answer(200, bytes, "application/json"));
        Assert.That(() => Whole(handler).GetAwaiter().GetResult(), Throws.Nothing);
    }

    private static async Task<GatewayResponse?> Whole(ScriptedHandler handler)
    {
        try
        {
            return await Call.Gateway(handler).SendAsync(Call.Chat(), default);
        }
        catch (LlmException)
        {
            return null;
        }
    }

    private static async Task<ChatResponse?> Read(byte[] bytes, int size)
    {
        ScriptedHandler handler = new(_ =>
        {
            HttpResponseMessage response = new() { Content = new StreamContent(new ChunkedStream(bytes, Math.Max(1, size))) };
            response.Content.Headers.Add("Content-Type", "text/event-stream");
            return response;
        });
        try
        {
            return (await Call.ReadAll(await Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default))).ToChatResponse();
        }
        catch (LlmException)
        {
            return null;
        }
    }

    private static SseReader Fed(byte[] bytes)
    {
        SseReader reader = new(1024 * 1024);
        bytes.CopyTo(reader.GetFree());
        reader.Advance(bytes.Length);
        return reader;
    }

    private static List<string> Split(byte[] bytes, int size)
    {
        using SseReader reader = new(64 * 1024 * 1024);
        List<string> events = [];
        for (int offset = 0; offset < bytes.Length;)
        {
            Memory<byte> free = reader.GetFree();
            int count = Math.Min(Math.Min(size, free.Length), bytes.Length - offset);
            bytes.AsMemory(offset, count).CopyTo(free);
            reader.Advance(count);
            offset += count;
            while (reader.TryRead(out ReadOnlySpan<byte> data, out bool _))
            {
                events.Add(Convert.ToHexString(data));
            }
        }

        while (reader.TryReadLast(out ReadOnlySpan<byte> data, out bool _))
        {
            events.Add(Convert.ToHexString(data));
        }

        return [.. events.Select(hex => Encoding.UTF8.GetString(Convert.FromHexString(hex)))];
    }
}
