using IntegrationLayer.Sdk.SemanticCaching;
using IntegrationLayer.Sdk.TestSupport.SemanticCaching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class InMemorySemanticIndexTests : SemanticIndexContract
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private InMemorySemanticIndex _index = null!;

    protected override ISemanticIndex Index => _index;

    [SetUp]
    public void Create() => _index = Make(new SemanticCacheOptions());

    [TearDown]
    public void Dispose() => _index.Dispose();

    [Test]
    public async Task Oldest_goes_when_there_are_too_many()
    {
        using InMemorySemanticIndex index = Make(new SemanticCacheOptions { MaxEntries = 2 });
        foreach (string question in new[] { "first", "second", "third" })
        {
            await index.AddAsync(Entries.Of(question, partition: question), new float[] { 1, 0 }, CancellationToken.None);
        }

        Assert.That(await index.SearchAsync("first", new float[] { 1, 0 }, 1, CancellationToken.None), Is.Empty);
        Assert.That(await index.SearchAsync("third", new float[] { 1, 0 }, 1, CancellationToken.None), Has.Count.EqualTo(1));
        Assert.That(index.Size.Entries, Is.EqualTo(2));
    }

    [Test]
    [Property("FaultMatrix", "61")]
    public async Task Oldest_goes_when_there_are_too_many_bytes()
    {
        using InMemorySemanticIndex index = Make(new SemanticCacheOptions { MaxBytes = 64 * 1024 });
        for (int i = 0; i < 200; i++)
        {
            await index.AddAsync(Entries.Of($"question number {i} {new string('x', 500)}"), new float[] { 1, 0 }, CancellationToken.None);
        }

        Assert.That(index.Size.Bytes, Is.InRange(32 * 1024, 64 * 1024));
        Assert.That(index.Size.Entries, Is.InRange(1, 60));
    }

    [Test]
    public async Task Size_is_zero_when_all_is_removed()
    {
        await _index.AddAsync(Entries.Of("one"), new float[] { 1, 0 }, CancellationToken.None);
        await _index.AddAsync(Entries.Of("one"), new float[] { 0, 1 }, CancellationToken.None);

        await _index.RemoveAsync("one", "one", CancellationToken.None);

        Assert.That(_index.Size, Is.EqualTo((0, 0L)));
    }

    [Test]
    public async Task Emptied_partition_takes_vectors_of_another_embedder()
    {
        await _index.AddAsync(Entries.Of("one"), new float[] { 1, 0 }, CancellationToken.None);
        await _index.RemoveAsync("one", "one", CancellationToken.None);

        await _index.AddAsync(Entries.Of("one"), new float[] { 1, 0, 0 }, CancellationToken.None);

        Assert.That(await _index.SearchAsync("one", new float[] { 1, 0, 0 }, 1, CancellationToken.None), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Entry_whose_time_is_over_is_not_found()
    {
        await _index.AddAsync(Entries.Of("brief", expiresAt: _time.GetUtcNow().AddMinutes(1)), new float[] { 1, 0 }, CancellationToken.None);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(await _index.SearchAsync("one", new float[] { 1, 0 }, 1, CancellationToken.None), Is.Empty);
    }

    // A graph finds nearly all that comparing one by one finds, also after most entries were replaced.
    [Test]
    public async Task Many_entries_are_found_as_if_compared_one_by_one()
    {
        const int Dimensions = 16;
        var random = new Random(7);
        using InMemorySemanticIndex index = Make(new SemanticCacheOptions { MaxEntries = 2_500 });
        var vectors = new Dictionary<string, float[]>();
        for (int i = 0; i < 6_000; i++)
        {
            vectors[$"{i}"] = Entries.Direction(random, Dimensions);
            await index.AddAsync(Entries.Of($"{i}"), vectors[$"{i}"], CancellationToken.None);
            vectors.Remove($"{i - 2_500}");
        }

        int found = 0;
        for (int i = 0; i < 50; i++)
        {
            float[] asked = Entries.Direction(random, Dimensions);
            string[] nearest = [.. vectors.OrderByDescending(v => v.Value.Zip(asked).Sum(static p => p.First * p.Second)).Take(10).Select(static v => v.Key)];
            IReadOnlyList<SemanticMatch> matches = await index.SearchAsync("one", asked, 10, CancellationToken.None);
            found += matches.Count(m => nearest.Contains(m.Entry.Id));
        }

        Assert.That(index.Size.Entries, Is.EqualTo(2_500));
        Assert.That(found / 500.0, Is.GreaterThan(0.97), "the vectors' one byte a dimension takes one or two of a hundred already");
    }

    [Test]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        var random = new Random(3);
        float[][] vectors = [.. Enumerable.Range(0, 1_500).Select(_ => Entries.Direction(random, 8))];

        await Parallel.ForAsync(0, vectors.Length, async (i, cancel) =>
        {
            await _index.AddAsync(Entries.Of($"{i % 700}", partition: $"{i % 3}"), vectors[i], cancel);
            await _index.SearchAsync($"{(i + 1) % 3}", vectors[i], 5, cancel);
            if (i % 5 == 0)
            {
                await _index.RemoveAsync($"{i % 3}", $"{i % 700}", cancel);
            }
        });

        int found = 0;
        for (int partition = 0; partition < 3; partition++)
        {
            found += (await _index.SearchAsync($"{partition}", vectors[0], 10_000, CancellationToken.None)).Count;
        }

        Assert.That(found, Is.EqualTo(_index.Size.Entries));
    }

    private InMemorySemanticIndex Make(SemanticCacheOptions options) => new(Options.Create(options), _time);
}
