using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class WrittenFunctionsTests
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}}}""";

    [Test]
    public void Function_that_says_the_same_is_written_once()
    {
        byte[] written = WrittenFunctions.Get(Function("same"), isStrict: null);

        Assert.That(Encoding.UTF8.GetString(written), Is.EqualTo("""{"type":"function","function":{"name":"same","description":"does","parameters":""" + Schema + "}}"));
        Assert.That(WrittenFunctions.Get(Function("same"), isStrict: null), Is.SameAs(written));
    }

    [Test]
    public void Function_that_says_something_else_is_written_anew()
    {
        string[] all =
        [
            Text(Function("other")), Text(Function("another")), Text(Function("other", "does more")), Text(Function("other", schema: Schema.Replace('a', 'b'))),
            Text(Function("other"), isStrict: true), Text(Function("other"), isStrict: false), Text(Function("other", description: null)),
        ];

        Assert.That(all, Is.Unique);
    }

    [Test]
    public void Large_schema_is_written_each_time()
    {
        AIFunctionDeclaration large = Function("large", schema: $$"""{"type":"object","description":"{{new string('x', 9000)}}"}""");
        byte[] written = WrittenFunctions.Get(large, null);

        Assert.That(WrittenFunctions.Get(large, null), Is.EqualTo(written).And.Not.SameAs(written));
    }

    private static string Text(AIFunctionDeclaration function, bool? isStrict = null) => Encoding.UTF8.GetString(WrittenFunctions.Get(function, isStrict));

    private static AIFunctionDeclaration Function(string name, string? description = "does", string schema = Schema) =>
        AIFunctionFactory.CreateDeclaration(name, description, JsonElement.Parse(schema));
}
