using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class ToolCallAssemblerTests
{
    [Test]
    public void Pieces_without_an_id_go_to_the_call_of_their_index()
    {
        Assert.That(Assemble(
            """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}},{"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\""}}]""",
            """[{"index":0,"function":{"arguments":":1}"}}]""",
            """[{"index":1,"function":{"arguments":":2}"}}]"""), Is.EqualTo("""a f {"x":1}; b g {"y":2}"""));
    }

    [Test]
    public void New_id_is_a_new_call_even_under_a_used_index()
    {
        Assert.That(Assemble(
            """[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]""",
            """[{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\":"}}]""",
            """[{"index":0,"function":{"arguments":"2}"}}]"""), Is.EqualTo("""a f {}; b g {"y":2}"""));
    }

    [Test]
    public void Known_id_is_the_same_call_whatever_the_index()
    {
        Assert.That(Assemble(
            """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]""",
            """[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]""",
            """[{"index":5,"id":"a","function":{"arguments":"1}"}}]"""), Is.EqualTo("""a f {"x":1}; b g {}"""));
    }

    [Test]
    public void Call_that_is_announced_before_it_is_described_keeps_its_id()
    {
        Assert.That(Assemble(
            """[{"index":0,"id":"a","type":"function"}]""",
            """[{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}]"""), Is.EqualTo("""a f {"x":1}"""));
    }

    [Test]
    public void Piece_with_neither_goes_to_the_open_call()
    {
        Assert.That(Assemble(
            """[{"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]""",
            """[{"function":{"arguments":"1}"}}]"""), Is.EqualTo("""a f {"x":1}"""));
    }

    [TestCase("""[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]""", """[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]""", TestName = "Whole arguments sent again replace the first")]
    [TestCase("""[{"id":"a","function":{"name":"f","arguments":"{}"}}]""", """[{"id":"a","function":{"arguments":"{\"x\":1}"}}]""", TestName = "Empty start is replaced")]
    [TestCase("""[{"function":{"arguments":"{\"x\":1}","name":"f"},"id":"a","type":"function","index":0}]""", "[]", TestName = "Order of the fields does not matter")]
    [TestCase("""[{"id":"a","function":{"name":"f","arguments":{"x":1}}}]""", "null", TestName = "Arguments may be an object")]
    [TestCase("""[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]""", """[5,{"id":"a"},{"function":7},{"id":"a","function":{"arguments":null}}]""", TestName = "Pieces that say nothing are skipped")]
    public void Call_is_put_together(string first, string second)
    {
        Assert.That(Assemble(first, second), Is.EqualTo("""a f {"x":1}"""));
    }

    [Test]
    public void Arguments_that_repeat_by_chance_are_kept()
    {
        Assert.That(Assemble(
            """[{"id":"a","function":{"name":"f","arguments":"{\"x\":\"a"}}]""",
            """[{"function":{"arguments":"a"}}]""",
            """[{"function":{"arguments":"\"}"}}]"""), Is.EqualTo("""a f {"x":"aa"}"""));
    }

    [Test]
    public void Piece_with_neither_goes_to_the_call_that_was_written_last()
    {
        Assert.That(Assemble(
            """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]""",
            """[{"index":0,"function":{"arguments":"1"}}]""",
            """[{"function":{"arguments":"2}"}}]"""), Is.EqualTo("""a f {"x":12}; b g {}"""));
    }

    [Test]
    public void Calls_that_had_come_whole_are_told_from_the_one_being_written()
    {
        Assert.That(Whole(
            """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"index":1,"id":"b","function":{"name":"none"}}]""",
            """[{"index":2,"id":"c","function":{"name":"g","arguments":"{\"y\":"}}]"""), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Whole("""[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]"""), Is.EqualTo(new[] { "a" }), "its arguments are whole");
        Assert.That(Whole("""[{"id":"a","function":{"name":"f","arguments":"{}"}}]"""), Is.Empty, "an empty start may be all, or not");
        Assert.That(Whole("""[{"function":{"name":"f","arguments":"{\"x\":1}"}}]"""), Is.Empty, "nobody could answer a call without an id");
    }

    private static IEnumerable<string> Whole(params string[] deltas)
    {
        using ToolCallAssembler assembler = Read(deltas);
        return assembler.TakeWhole().Select(call => call.CallId);
    }

    private static ToolCallAssembler Read(string[] deltas)
    {
        ToolCallAssembler assembler = new();
        foreach (string delta in deltas)
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(delta));
            reader.Read();
            assembler.ReadAll(ref reader);
        }

        return assembler;
    }

    private static string Assemble(params string[] deltas)
    {
        using ToolCallAssembler assembler = Read(deltas);
        List<AIContent> contents = [];
        Assert.That(assembler.TryTake(contents), Is.True);
        return string.Join("; ", contents.Cast<FunctionCallContent>().Select(call => $"{call.CallId} {call.Name} {JsonSerializer.Serialize(call.Arguments)}"));
    }
}
