// Which sentences mean the same? Embeddings come from the standard IEmbeddingGenerator, which AddIntegrationLayer registers too.
//   dotnet run --project samples/05-Embeddings
using System.Numerics.Tensors;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

FakePortkey script = new();
script.OnEmbeddings().Reply(CountTopics);
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

await using ServiceProvider services = new ServiceCollection().AddIntegrationLayer(gateway.Configure).Services.BuildServiceProvider();
IEmbeddingGenerator<string, Embedding<float>> generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

string[] sentences = ["How do I return my order?", "I want to send the parcel back.", "What does the premium plan cost?"];
GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(sentences);

for (int i = 1; i < sentences.Length; i++)
{
    float similarity = TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, embeddings[i].Vector.Span);
    Console.WriteLine(FormattableString.Invariant($"{similarity:0.00}  {sentences[0]}  ~  {sentences[i]}"));
}

LlmReceipt receipt = embeddings.GetReceipt()!;
Console.WriteLine($"Embedded by {receipt.Deployment} for {receipt.Cost}");

// Stands in for a model: a vector of how often a text speaks of returns, of goods and of prices.
static ReadOnlyMemory<float> CountTopics(string text)
{
    string[][] topics = [["return", "back", "send"], ["order", "parcel", "plan"], ["cost", "price", "premium"]];
    return topics.Select(words => 0.1f + words.Count(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))).ToArray();
}
