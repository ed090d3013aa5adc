using System.Text.Json;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

[TestFixture]
public sealed class JsLiteralTests
{
    [TestCase("const a = [1, 2e5, -.5, 0.25];", "[1,200000,-0.5,0.25]")]
    [TestCase("var a=[!0,!1,true,false,null,void 0,undefined]", "[true,false,true,false,null,null,null]")]
    [TestCase("a = [\"x\", 'y', `z\nw`]", "[\"x\",\"y\",\"z\\nw\"]")]
    [TestCase("a = [{ b: 1, 'c-d': [], $e_1: {}, 2: 3, }, ]", "[{\"b\":1,\"c-d\":[],\"$e_1\":{},\"2\":3}]")]
    [TestCase("a = [ // one\n /* two */ 1 /* three */ ]", "[1]")]
    [TestCase(@"a = ['\n\t\r\b\f\u0041\x42\'\\\/']", "[\"\\n\\t\\r\\b\\fAB\\u0027\\\\/\"]")]
    [TestCase("a = ['one \\\ntwo']", "[\"one two\"]")]
    [TestCase("if (x == [1]) {} y => [2]; a = [f()]; b = [1 + 2]; c = [`${x}`]; d = [3]", "[3]")]
    [TestCase("a = [trueish]; b = ['\\u00zz']; c = ['open; d = [{1 2}]; e = [4]", "[4]")]
    public void FindArray_gives_the_first_literal_as_json(string source, string expected)
    {
        using JsonDocument document = JsLiteral.FindArray(source, _ => true);

        Assert.That(JsonElement.DeepEquals(document.RootElement, JsonDocument.Parse(expected).RootElement), Is.True, document.RootElement.GetRawText());
    }

    [Test]
    public void FindArray_skips_literals_of_another_shape()
    {
        using JsonDocument document = JsLiteral.FindArray("a = [1], b = [2]", array => array[0].GetInt32() == 2);

        Assert.That(document.RootElement[0].GetInt32(), Is.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("const a = 1;")]
    [TestCase("a = [")]
    [TestCase("a = [1")]
    [TestCase("a = [1 /* open")]
    [TestCase("a = [1 // open")]
    [TestCase("a = ['x\\")]
    [TestCase("a = [-]")]
    [TestCase("a = [{]")]
    [TestCase("a = [{b:}]")]
    public void FindArray_without_a_literal_says_so(string source)
    {
        Assert.That(() => JsLiteral.FindArray(source, _ => true), Throws.TypeOf<FormatException>().With.Message.Contains("pinned version"));
    }

    [Test]
    public void FindArray_of_endless_nesting_gives_up()
    {
        Assert.That(() => JsLiteral.FindArray("a = " + new string('[', 100_000), _ => true), Throws.TypeOf<FormatException>());
    }
}
