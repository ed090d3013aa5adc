using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class QuestionEmbedderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<QuestionEmbedder> _logger = new();
    private ScriptedEmbedder _scripted = null!;
    private QuestionEmbedder _embedder = null!;

    [SetUp]
    public void Create()
    {
        _scripted = new ScriptedEmbedder();
        _embedder = new QuestionEmbedder(new SemanticEmbedder(_scripted, "model"), Options.Create(new SemanticCacheOptions()), _time, _logger);
    }

    [TearDown]
    public void Dispose() => _scripted.Dispose();

    [Test]
    public async Task Vector_is_brought_to_length_one_and_bears_its_model_and_dimensions()
    {
        _scripted.Answer = static () => Task.FromResult<float[]>([3, 4]);

        MadeVector made = await EmbedAsync();

        Assert.That(made.Vector.ToArray(), Is.EqualTo(new[] { 0.6f, 0.8f }).Within(1e-6f));
        Assert.That(made.Space, Is.EqualTo("model/2"));
        Assert.That(_scripted.Asked, Is.EqualTo("model"));
    }

    [Test]
    public async Task Sdks_own_embedder_is_asked_without_detour()
    {
        var embedder = new QuestionEmbedder(new SemanticEmbedder(new LexicalEmbeddingGenerator(), null), Options.Create(new SemanticCacheOptions()), _time, _logger);

        MadeVector made = await embedder.EmbedAsync("a question", QuestionReader.Read("a question"), LlmRequestContext.Default, CancellationToken.None);

        Assert.That(made.Vector.ToArray(), Is.EqualTo(LexicalEmbeddingGenerator.Embed("a question").ToArray()));
        Assert.That(made.Space, Is.EqualTo(LexicalEmbeddingGenerator.ModelId));
        Assert.That(embedder.MinSimilarity, Is.EqualTo(0.3));
        Assert.That(_embedder.MinSimilarity, Is.EqualTo(0.8));
    }

    [Test]
    public async Task Embedder_that_takes_too_long_is_not_waited_for()
    {
        _scripted.Answer = static () => new TaskCompletionSource<float[]>().Task;

        Task<MadeVector> making = EmbedAsync().AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.That((await making).Outcome, Is.EqualTo(EmbedderOutcome.TimedOut));
    }

    [Test]
    public async Task Embedder_that_fails_again_and_again_rests_and_is_tried_again()
    {
        _scripted.Answer = static () => throw new HttpRequestException("down");
        for (int i = 0; i < 5; i++)
        {
            Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Failed));
        }

        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Resting));
        Assert.That(_scripted.Calls, Is.EqualTo(5));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Failed));
        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Resting), "one trial at a time");
        _time.Advance(TimeSpan.FromSeconds(10));
        _scripted.Answer = static () => Task.FromResult<float[]>([1]);
        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Made));
        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Made));
    }

    [Test]
    public async Task Other_dimensions_are_another_space_and_logged()
    {
        _scripted.Answer = static () => Task.FromResult<float[]>([1, 0]);
        string before = (await EmbedAsync()).Space;
        _scripted.Answer = static () => Task.FromResult<float[]>([1, 0, 0]);

        string after = (await EmbedAsync()).Space;

        Assert.That(after, Is.Not.EqualTo(before));
        Assert.That(_logger.LatestRecord.Message, Does.Contain("model/2").And.Contain("model/3"));
    }

    [TestCase(0)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public async Task Vector_without_direction_is_unusable(float value)
    {
        _scripted.Answer = () => Task.FromResult<float[]>([value, 0]);

        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Unusable));
    }

    [Test]
    public async Task Embedder_that_gives_no_vector_has_failed()
    {
        _scripted.IsEmpty = true;

        Assert.That((await EmbedAsync()).Outcome, Is.EqualTo(EmbedderOutcome.Failed));
        Assert.That(_logger.LatestRecord.Exception, Is.InstanceOf<SemanticIndexException>());
    }

    [Test]
    public void Callers_own_cancellation_is_the_callers()
    {
        using var cancel = new CancellationTokenSource();
        _scripted.Answer = static () => new TaskCompletionSource<float[]>().Task;
        Task<MadeVector> making = _embedder.EmbedAsync("text", QuestionReader.Read("text"), LlmRequestContext.Default, cancel.Token).AsTask();

        cancel.Cancel();

        Assert.That(async () => await making, Throws.InstanceOf<OperationCanceledException>());
    }

    private ValueTask<MadeVector> EmbedAsync() => _embedder.EmbedAsync("text", QuestionReader.Read("text"), LlmRequestContext.Default, CancellationToken.None);

    private sealed class ScriptedEmbedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Func<Task<float[]>> Answer { get; set; } = static () => Task.FromResult<float[]>([1, 0]);

        public bool IsEmpty { get; set; }

        public int Calls { get; private set; }

        public string? Asked { get; private set; }

        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            Asked = options?.ModelId;
            return IsEmpty ? [] : [new Embedding<float>(await Answer())];
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
