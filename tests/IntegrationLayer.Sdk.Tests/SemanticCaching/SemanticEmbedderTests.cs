using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>Embedders of other people's: they find neighbours, and are kept to the same rules.</summary>
internal sealed class SemanticEmbedderTests
{
    private const string Question = "How do I reset the password of my account?";
    private const string Misspelt = "How do I reset the pasword of my account?";

    [TestCase("How much is a ticket for 2 people?", "How much is a ticket for 3 people?")]
    [TestCase("Can I change my flight after booking it?", "Can I not change my flight after booking it?")]
    [TestCase("What is the best hotel in Lisbon?", "What is the worst hotel in Lisbon?")]
    [TestCase("How do I reset my password?", "Where is the nearest branch?")]
    public async Task Embedder_to_which_all_is_one_gets_past_no_gate(string one, string other)
    {
        var embedder = new ScriptedEmbedder();
        await using SemanticHost host = Host(embedder);
        await host.AskAsync(one);

        Assert.That((await host.AskAsync(other)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That((await host.AskAsync($"{one} Thanks!")).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit), "what is the same is found");
        Assert.That(embedder.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task What_is_far_by_the_embedder_is_not_looked_at()
    {
        var embedder = new ScriptedEmbedder { OnText = static (text, _) => Task.FromResult(text == Question ? ScriptedEmbedder.Of(1, 0) : ScriptedEmbedder.Of(0.7f, 0.7f)) };
        await using SemanticHost host = Host(embedder);
        await host.AskAsync(Question);

        Assert.That((await host.AskAsync($"{Question} Thanks!")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss), "0.71 is under 0.8");
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return new TestCaseData(Throw()) { TestName = "Embedder_that_fails_makes_a_counted_miss(throws)" };
        yield return new TestCaseData(Vector(0, 0)) { TestName = "Embedder_that_fails_makes_a_counted_miss(no length)" };
        yield return new TestCaseData(Vector(float.NaN, 1)) { TestName = "Embedder_that_fails_makes_a_counted_miss(no number)" };
        yield return new TestCaseData(Vector()) { TestName = "Embedder_that_fails_makes_a_counted_miss(no dimensions)" };

        static Func<string, CancellationToken, Task<Embedding<float>>> Throw() => static (_, _) => throw new InvalidOperationException("out of order");
        static Func<string, CancellationToken, Task<Embedding<float>>> Vector(params float[] values) => (_, _) => Task.FromResult(ScriptedEmbedder.Of(values));
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Embedder_that_fails_makes_a_counted_miss(Func<string, CancellationToken, Task<Embedding<float>>> failure)
    {
        var embedder = new ScriptedEmbedder();
        await using SemanticHost host = Host(embedder);
        await host.AskAsync(Question);
        embedder.OnText = failure;

        Assert.That((await host.AskAsync(Misspelt)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That((host.Lookups("error"), host.Lookups("hit")), Is.EqualTo((1, 0)));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1501 }));
        Assert.That((await host.AskAsync(Question)).Receipt.Cache, Is.EqualTo(CacheOutcome.Hit), "the exact cache needs no vectors");
    }

    [Test]
    public async Task Embedder_that_hangs_costs_its_time_limit_and_no_more()
    {
        var embedder = new ScriptedEmbedder();
        await using SemanticHost host = Host(embedder);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        embedder.OnText = (_, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<Embedding<float>>().Task;
        };

        Task<LlmResponse> asking = host.AskAsync(Question);
        await asked.Task;
        Assert.That(host.Fake.RequestCount, Is.Zero);
        host.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.That((await asking).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Lookups("error"), Is.EqualTo(1));
    }

    [Test]
    public async Task Embedder_that_fails_again_and_again_is_left_alone_for_a_while()
    {
        var embedder = new ScriptedEmbedder { OnText = static (_, _) => throw new InvalidOperationException("out of order") };
        await using SemanticHost host = Host(embedder);
        for (int i = 0; i < 8; i++)
        {
            await host.AskAsync($"{Question} {i}");
        }

        Assert.That((embedder.Calls, host.Lookups("error")), Is.EqualTo((5, 8)));
        embedder.OnText = static (_, _) => Task.FromResult(ScriptedEmbedder.Of(1, 0));
        host.Time.Advance(TimeSpan.FromSeconds(10));
        await host.AskAsync(Question);
        Assert.That((await host.AskAsync(Misspelt)).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
    }

    [TestCase("other", 3)]
    [TestCase("scripted", 2)]
    public async Task Embedder_that_changes_starts_anew_and_is_logged(string model, int dimensions)
    {
        var embedder = new ScriptedEmbedder();
        await using SemanticHost host = Host(embedder);
        await host.AskAsync(Question);
        embedder.OnText = (_, _) => Task.FromResult(new Embedding<float>(new float[] { 1, 0, 0 }.AsMemory(0, dimensions)) { ModelId = model });

        Assert.That((await host.AskAsync(Misspelt)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1502 }));
        Assert.That((await host.AskAsync($"{Misspelt} Thanks!")).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit), "what came since is found");
    }

    [Test]
    public async Task Embedder_without_a_vector_for_its_text_fails()
    {
        await using var host = new SemanticHost(build: static b => b.UseSemanticEmbedder(static _ => new EmptyEmbedder()));
        Assert.That((await host.AskAsync(Question)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1501 }));
    }

    [Test]
    public async Task Model_over_the_gateway_makes_the_vectors_at_the_expense_of_who_asks()
    {
        var records = new RecordingStore();
        await using var host = new SemanticHost(
            build: b => b.UseSemanticEmbeddingModel("text-embedding-3-small").Services.AddSingleton<IUsageStore>(records));
        host.Fake.OnEmbeddings("text-embedding-3-small").Reply(static text => text.Contains("password", StringComparison.Ordinal) || text.Contains("pasword", StringComparison.Ordinal) ? new float[] { 1, 0 } : new float[] { 0, 1 });

        await host.AskAsync(Question);
        LlmResponse response = await host.AskAsync(Misspelt);

        Assert.That((response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.SemanticHit, $"The answer to: {Question}")));
        Assert.That(records.Of("semantic-cache").Select(static r => (r.Context.TenantId, r.Deployment)), Is.EqualTo(new[] { ("acme", "lab/text-embedding-3-small"), ("acme", "lab/text-embedding-3-small") }));
    }

    private static SemanticHost Host(ScriptedEmbedder embedder) => new(static o => o.MaxFalseHitRate = 0.2, b => b.UseSemanticEmbedder(_ => embedder));

    private sealed class EmptyEmbedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>());

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
