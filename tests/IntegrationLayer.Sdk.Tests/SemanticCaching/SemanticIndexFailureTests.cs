using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

/// <summary>An index of somebody else's that fails, or gives what it must not.</summary>
internal sealed class SemanticIndexFailureTests : ISemanticIndex
{
    private const string Question = "How do I reset the password of my account?";
    private const string Misspelt = "How do I reset the pasword of my account?";

    private readonly List<SemanticEntry> _entries = [];
    private Exception? _failure;
    private Func<SemanticEntry, SemanticEntry> _change = static e => e;

    public ValueTask<IReadOnlyList<SemanticMatch>> SearchAsync(string partition, ReadOnlyMemory<float> vector, int count, CancellationToken cancellationToken) =>
        _failure is null ? new([.. _entries.Select(e => new SemanticMatch(_change(e), 1))]) : throw _failure;

    public ValueTask AddAsync(SemanticEntry entry, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        _entries.Add(entry);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string partition, string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    [SetUp]
    public void Clear()
    {
        _entries.Clear();
        (_failure, _change) = (null, static e => e);
    }

    [Test]
    public async Task Index_that_fails_makes_misses_and_is_logged_once_until_it_works_again()
    {
        await using SemanticHost host = Host();
        await host.AskAsync(Question);
        _failure = new InvalidOperationException("no connection");

        for (int i = 0; i < 3; i++)
        {
            Assert.That((await host.AskAsync($"{Misspelt} {i}")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        }

        Assert.That((host.Lookups("error"), host.Lookups("hit")), Is.EqualTo((3, 0)));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1503 }));
        _failure = null;
        Assert.That((await host.AskAsync(Misspelt)).Receipt.Cache, Is.EqualTo(CacheOutcome.SemanticHit));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1503, 1507 }));
    }

    [Test]
    public async Task Entry_of_another_partition_is_dropped_and_logged()
    {
        await using SemanticHost host = Host();
        await host.AskAsync(Question);

        Assert.That((await host.AskAsync(Misspelt, tenant: "umbrella")).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
        Assert.That(host.Logged, Is.EqualTo(new[] { 1504 }));
    }

    [Test]
    public async Task Entry_whose_time_is_over_is_not_given()
    {
        await using SemanticHost host = Host();
        await host.AskAsync(Question);
        _change = e => Changed(e, e.Answer, host.Time.GetUtcNow());

        Assert.That((await host.AskAsync(Misspelt)).Receipt.Cache, Is.EqualTo(CacheOutcome.Miss));
    }

    [Test]
    public async Task Answer_that_is_none_is_not_given()
    {
        await using SemanticHost host = Host();
        await host.AskAsync(Question);
        _change = static e => Changed(e, new byte[] { 1, 2, 3 }, e.ExpiresAt);

        LlmResponse response = await host.AskAsync(Misspelt);
        Assert.That((response.Receipt.Cache, response.Text), Is.EqualTo((CacheOutcome.Miss, $"The answer to: {Misspelt}")));
    }

    private static SemanticEntry Changed(SemanticEntry entry, ReadOnlyMemory<byte> answer, DateTimeOffset expiresAt) => new()
    {
        Id = entry.Id,
        Partition = entry.Partition,
        Question = entry.Question,
        AnswerId = entry.AnswerId,
        Answer = answer,
        ExpiresAt = expiresAt,
    };

    private SemanticHost Host() => new(static o => o.MaxFalseHitRate = 0.2, b => b.Services.AddSingleton<ISemanticIndex>(this));
}
