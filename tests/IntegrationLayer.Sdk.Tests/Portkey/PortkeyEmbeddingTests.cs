using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyEmbeddingTests
{
    private const string Two =
        """{"object":"list","data":[{"object":"embedding","index":1,"embedding":[3,4.5]},{"object":"embedding","index":0,"embedding":[1,2]}],"model":"e","usage":{"prompt_tokens":5,"total_tokens":5}}""";

    [Test]
    public async Task Vectors_are_in_the_order_of_the_inputs()
    {
        GatewayEmbeddings answer = await Embed(Two);

        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Select(embedding => embedding.Vector.ToArray()), Is.EqualTo(new[] { new[] { 1f, 2f }, new[] { 3f, 4.5f } }));
            Assert.That((answer.Content.Usage!.InputTokenCount, answer.Content[0].ModelId, answer.Content[0].CreatedAt), Is.EqualTo((5L, "e", (DateTimeOffset?)Call.Now)));
        });
    }

    [Test]
    public async Task Base64_is_read()
    {
        byte[] bytes = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)];
        string vector = Convert.ToBase64String(bytes);

        GatewayEmbeddings answer = await Embed($$"""{"data":[{"embedding":"{{vector}}"},{"embedding":"{{vector}}"}]}""");

        Assert.That(answer.Content[1].Vector.ToArray(), Is.EqualTo(new[] { 1.5f, -2f }));
    }

    [Test]
    public async Task Long_vectors_are_read_whole()
    {
        string vector = string.Join(",", Enumerable.Range(0, 5000));

        GatewayEmbeddings answer = await Embed($$"""{"data":[{"embedding":[{{vector}}]},{"embedding":[{{vector}}]}]}""");

        Assert.That(answer.Content[0].Vector.ToArray(), Is.EqualTo(Enumerable.Range(0, 5000).Select(number => (float)number)));
    }

    [TestCase("""{"data":[{"index":0,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1e99]},{"index":1,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":"AAA="},{"index":1,"embedding":"AAA="}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":"!"},{"index":1,"embedding":"!"}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":"AADAfw=="},{"index":1,"embedding":"AADAfw=="}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":5},{"index":1,"embedding":5}]}""")]
    [TestCase("""{"data":[{"index":"x","embedding":[1]}]}""")]
    [TestCase("""{"data":[5]}""")]
    [TestCase("""{"data":5}""")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{")]
    public async Task Answer_without_one_vector_for_each_input_is_bad_output(string body)
    {
        LlmException exception = await Call.Failure(() => Embed(body));

        Assert.That((exception.ErrorClass, exception.MayBeBilled), Is.EqualTo((LlmErrorClass.BadOutput, true)));
    }

    [Test]
    public async Task Error_with_a_good_status_is_thrown()
    {
        LlmException exception = await Call.Failure(() => Embed("""{"error":{}}"""));

        Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.ProviderUnavailable));
    }

    [Test]
    public async Task Request_has_dimensions_and_further_fields()
    {
        string plain = await Body(Call.Deployment("groq"), null);
        string openai = await Body(Call.Deployment(), new EmbeddingGenerationOptions { Dimensions = 256, AdditionalProperties = new() { ["user"] = "u" } });
        string chosen = await Body(Call.Deployment(), new EmbeddingGenerationOptions { AdditionalProperties = new() { ["encoding_format"] = "float" } });
        string compatible = await Body(Call.Deployment(account: Call.Account(host: new Uri("http://localhost:1/v1"))), null);

        Assert.Multiple(() =>
        {
            Assert.That(plain, Is.EqualTo("""{"model":"gpt-4o-mini","input":["a","b"]}"""));
            Assert.That(openai, Is.EqualTo("""{"model":"gpt-4o-mini","input":["a","b"],"dimensions":256,"encoding_format":"base64","user":"u"}"""));
            Assert.That(chosen, Does.Contain("\"encoding_format\":\"float\"").And.Not.Contain("base64"));
            Assert.That(compatible, Does.Not.Contain("encoding_format"));
        });
    }

    [Test]
    public async Task Request_that_cannot_be_sent_is_refused()
    {
        LlmException nothing = await Call.Failure(() => Call.Gateway(ScriptedHandler.Json(Two)).EmbedAsync(new(Call.Deployment(), [], null, Call.Envelope()), default).AsTask());
        LlmException raw = await Call.Failure(() => Body(Call.Deployment(), new EmbeddingGenerationOptions { RawRepresentationFactory = _ => null }));
        ArgumentException? twice = await Assert.ThrowsAsync<ArgumentException>(() =>
            Body(Call.Deployment(), new EmbeddingGenerationOptions { Dimensions = 1, AdditionalProperties = new() { ["dimensions"] = 2 } }));

        Assert.That((nothing.ErrorClass, raw.ErrorClass, twice!.Message.Contains("dimensions", StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.InvalidRequest, LlmErrorClass.InvalidRequest, true)));
    }

    [FsCheck.NUnit.Property]
    public void Any_damage_gives_vectors_or_an_llm_exception(byte[] noise, FsCheck.PositiveInt position)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Two);
        for (int index = 0; index < noise.Length; index++)
        {
            bytes[(position.Get + (index * 11)) % bytes.Length] = noise[index];
        }

        ScriptedHandler handler = new(_ => ScriptedHandler.Answer(200, bytes, "application/json"));
        async Task Run()
        {
            try
            {
                await Call.Gateway(handler).EmbedAsync(new(Call.Deployment(), ["a", "b"], null, Call.Envelope()), default);
            }
            catch (LlmException)
            {
            }
        }

        Assert.That(() => Run().GetAwaiter().GetResult(), Throws.Nothing);
    }

    [TestCase("""{"object":"list","data":[{"id":"a"},{"name":"models/b"},{"id":"c","name":"d"},{"name":"e","id":"f"},{},5]}""", new[] { "a", "b", "c", "f" })]
    [TestCase("""{"models":[{"name":"models/g"}],"nextPageToken":"x"}""", new[] { "g" })]
    [TestCase("""[{"id":"a"}]""", new[] { "a" })]
    [TestCase("""{"data":[]}""", new string[0])]
    public async Task Models_are_listed(string body, string[] expected)
    {
        ScriptedHandler handler = ScriptedHandler.Json(body);

        IReadOnlyList<string> models = await Call.Gateway(handler).ListModelsAsync(Call.Account(), Call.Envelope(), default);

        Assert.That(models, Is.EqualTo(expected));
        Assert.That((handler.Address!.AbsolutePath, handler.Body), Is.EqualTo(("/v1/models", (string?)null)));
    }

    [TestCase("{}", LlmErrorClass.BadOutput)]
    [TestCase("{", LlmErrorClass.BadOutput)]
    [TestCase("""{"error":{"code":429,"message":"x"}}""", LlmErrorClass.RateLimited)]
    public async Task List_of_models_that_is_none_fails(string body, LlmErrorClass expected)
    {
        LlmException exception = await Call.Failure(() => Call.Gateway(ScriptedHandler.Json(body)).ListModelsAsync(Call.Account(), Call.Envelope(), default));

        Assert.That(exception.ErrorClass, Is.EqualTo(expected));
    }

    private static Task<GatewayEmbeddings> Embed(string body) =>
        Call.Gateway(ScriptedHandler.Json(body)).EmbedAsync(new(Call.Deployment(), ["a", "b"], null, Call.Envelope()), default).AsTask();

    private static async Task<string> Body(Deployment deployment, EmbeddingGenerationOptions? options)
    {
        ScriptedHandler handler = ScriptedHandler.Json(Two);
        await Call.Gateway(handler).EmbedAsync(new(deployment, ["a", "b"], options, Call.Envelope()), default);
        return handler.Body!;
    }
}
