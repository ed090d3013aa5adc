using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Embeddings through the gateway.</summary>
public sealed class EmbeddingTests : SdkTest
{
    private static readonly string[] Texts = ["first", "second", "third"];

    [Test]
    public async Task Embeddings_come_in_the_order_of_the_texts_with_usage_and_cost()
    {
        SdkHost host = OpenForEmbeddings();

        GeneratedEmbeddings<Embedding<float>> all = await host.Embeddings.GenerateAsync(Texts);
        Embedding<float> second = (await host.Embeddings.GenerateAsync(["second"])).Single();
        LlmReceipt receipt = (LlmReceipt)all.AdditionalProperties![nameof(LlmReceipt)]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all, Has.Count.EqualTo(3));
            Assert.That(all[1].Vector.ToArray(), Is.EqualTo(second.Vector.ToArray()));
            Assert.That(all[0].Vector.ToArray(), Is.Not.EqualTo(second.Vector.ToArray()));
            Assert.That(receipt.Tokens, Is.EqualTo(new TokenUsage { Input = 11 }));
            Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.011m, PriceStatus.Exact)));
        }
    }

    [Test]
    public async Task Base64_gives_the_same_vectors_as_numbers()
    {
        SdkHost host = OpenForEmbeddings();
        EmbeddingGenerationOptions base64 = new() { AdditionalProperties = new() { ["encoding_format"] = "base64" } };

        GeneratedEmbeddings<Embedding<float>> numbers = await host.Embeddings.GenerateAsync(Texts);
        GeneratedEmbeddings<Embedding<float>> encoded = await host.Embeddings.GenerateAsync(Texts, base64);
        RecordedRequest asked = await SeenAsync(which: 1);

        Assert.That(asked.Property("encoding_format")?.GetString(), Is.EqualTo("base64"));
        Assert.That(encoded.Select(e => e.Vector.ToArray()), Is.EqualTo(numbers.Select(e => e.Vector.ToArray())));
    }

    [Test]
    public async Task Dimensions_are_asked_for_and_kept()
    {
        GeneratedEmbeddings<Embedding<float>> all = await OpenForEmbeddings().Embeddings.GenerateAsync(Texts, new EmbeddingGenerationOptions { Dimensions = 5 });

        Assert.That(all.Select(e => e.Vector.Length), Is.All.EqualTo(5));
    }

    [Test]
    public async Task Failing_provider_is_replaced()
    {
        Provider.Script(Main, ProviderBehavior.Fails(503));

        GeneratedEmbeddings<Embedding<float>> all = await OpenForEmbeddings().Embeddings.GenerateAsync(Texts);
        LlmReceipt receipt = (LlmReceipt)all.AdditionalProperties![nameof(LlmReceipt)]!;

        Assert.That(receipt.Attempts.Select(attempt => attempt.Deployment), Is.EqualTo([Main, Standby]));
    }

    [Test]
    public async Task Fewer_vectors_than_texts_are_no_answer()
    {
        RawBehavior one = ProviderBehavior.Sends(200, "application/json",
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,0.5]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}""");
        Provider.Script(Main, one);
        Provider.Script(Standby, one);

        LlmException? failure = await Assert.ThrowsAsync<LlmException>(() => OpenForEmbeddings().Embeddings.GenerateAsync(Texts));

        Assert.That(failure!.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
    }

    private SdkHost OpenForEmbeddings() => Open(options =>
    {
        Add(options, Main).Kind = ModelKind.Embedding;
        Add(options, Standby).Kind = ModelKind.Embedding;
    });
}
