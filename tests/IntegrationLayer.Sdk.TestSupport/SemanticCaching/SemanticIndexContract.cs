using IntegrationLayer.Sdk.SemanticCaching;
using NUnit.Framework;

namespace IntegrationLayer.Sdk.TestSupport.SemanticCaching;

/// <summary>What every semantic index does.</summary>
public abstract class SemanticIndexContract
{
    private const int Dimensions = 32;

    protected abstract ISemanticIndex Index { get; }

    [Test]
    public async Task Empty_index_finds_nothing() => Assert.That(await SearchAsync("empty", Axis(0)), Is.Empty);

    [Test]
    public async Task Nearest_comes_first_with_its_cosine()
    {
        await AddAsync(Entries.Of("far"), Axis(1));
        await AddAsync(Entries.Of("near"), Between(0, 1, 0.8f));
        await AddAsync(Entries.Of("equal"), Axis(0));

        IReadOnlyList<SemanticMatch> matches = await SearchAsync("one", Axis(0));

        Assert.That(matches.Select(static m => m.Entry.Question), Is.EqualTo(new[] { "equal", "near", "far" }));
        Assert.That(matches.Select(static m => m.Similarity), Is.EqualTo(new[] { 1f, 0.8f, 0f }).Within(0.02f));
    }

    [Test]
    public async Task Entry_comes_back_whole()
    {
        SemanticEntry entry = Entries.Of("What's \"this\": {\u00E9\u4E16}?\n", answer: "a1");
        await AddAsync(entry, Axis(0));

        SemanticEntry found = (await SearchAsync("one", Axis(0)))[0].Entry;

        Assert.That(found.Id, Is.EqualTo(entry.Id));
        Assert.That(found.Partition, Is.EqualTo("one"));
        Assert.That(found.Question, Is.EqualTo(entry.Question));
        Assert.That(found.AnswerId, Is.EqualTo("a1"));
        Assert.That(found.Answer.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(found.ExpiresAt, Is.EqualTo(entry.ExpiresAt));
    }

    [Test]
    public async Task Partitions_see_nothing_of_each_other()
    {
        await AddAsync(Entries.Of("mine", "one"), Axis(0));
        await AddAsync(Entries.Of("theirs", "two"), Axis(0));

        Assert.That((await SearchAsync("one", Axis(0))).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "mine" }));
    }

    [Test]
    public async Task No_more_is_found_than_asked_for()
    {
        for (int i = 0; i < 10; i++)
        {
            await AddAsync(Entries.Of($"{i}"), Between(0, 1, 1 - (i * 0.05f)));
        }

        Assert.That((await Index.SearchAsync("one", Axis(0), 3, CancellationToken.None)).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "0", "1", "2" }));
    }

    [Test]
    public async Task Entry_takes_the_place_of_one_with_the_same_id()
    {
        await AddAsync(Entries.Of("old", id: "id"), Axis(1));
        await AddAsync(Entries.Of("new", id: "id"), Axis(0));

        IReadOnlyList<SemanticMatch> matches = await SearchAsync("one", Axis(0));
        Assert.That(matches.Select(static m => m.Entry.Question), Is.EqualTo(new[] { "new" }));
        Assert.That(matches[0].Similarity, Is.EqualTo(1).Within(0.02f), "its vector, too");
    }

    [Test]
    public async Task Removed_entry_is_gone()
    {
        await AddAsync(Entries.Of("gone", id: "id"), Axis(0));
        await AddAsync(Entries.Of("stays"), Axis(0));

        await Index.RemoveAsync("one", "id", CancellationToken.None);
        await Index.RemoveAsync("one", "never there", CancellationToken.None);
        await Index.RemoveAsync("no partition", "id", CancellationToken.None);

        Assert.That((await SearchAsync("one", Axis(0))).Select(static m => m.Entry.Question), Is.EqualTo(new[] { "stays" }));
    }

    [Test]
    public async Task Other_number_of_dimensions_is_refused()
    {
        await AddAsync(Entries.Of("first"), Axis(0));

        Assert.That(
            async () => await Index.AddAsync(Entries.Of("second"), new float[] { 1, 0 }, CancellationToken.None),
            Throws.InstanceOf<SemanticIndexException>().With.Message.Contains("2").And.Message.Contains("32"));
    }

    private static float[] Axis(int axis) => Between(axis, axis, 1);

    // A vector of length 1 whose cosine with the first axis is given.
    private static float[] Between(int axis, int other, float cosine)
    {
        float[] vector = new float[Dimensions];
        vector[axis] = cosine;
        vector[other] += other == axis ? 0 : MathF.Sqrt(1 - (cosine * cosine));
        return vector;
    }

    private async Task AddAsync(SemanticEntry entry, float[] vector) => await Index.AddAsync(entry, vector, CancellationToken.None);

    private async Task<IReadOnlyList<SemanticMatch>> SearchAsync(string partition, float[] vector) => await Index.SearchAsync(partition, vector, 16, CancellationToken.None);
}
