using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class AnswerSealTests
{
    private static readonly AnswerSeal Seal = Create("a secret of this installation, and of no other");
    private static readonly CacheKey Key = new("k");

    [TestCase(10)]
    [TestCase(100_000)]
    public void Answer_is_read_as_it_was_written(int length)
    {
        CachedAnswer answer = Answers.Of(new string('x', length), tenant: "acme", stamp: 7, tags: ["one"]);
        CachedAnswer? opened = Seal.TryOpen(Key, Seal.Seal(Key, answer));

        Assert.That(opened?.Restore().Text, Is.EqualTo(new string('x', length)));
        Assert.That(opened?.Lifetime, Is.EqualTo(answer.Lifetime));
        Assert.That(opened?.Origin.TenantId, Is.EqualTo("acme"));
    }

    [Test]
    public void Long_answer_is_compressed_and_one_that_cant_be_is_kept_as_it_is()
    {
        byte[] random = new byte[6_000];
        new Random(1).NextBytes(random);
        CachedAnswer noise = Answers.Of(new ChatMessage(ChatRole.Assistant, [new DataContent(random, "image/png")]));

        Assert.That(Seal.Seal(Key, Answers.Of(new string('x', 100_000))), Has.Length.LessThan(2_000));
        Assert.That(Seal.TryOpen(Key, Seal.Seal(Key, noise))?.Restore().Messages[0].Contents[0], Is.InstanceOf<DataContent>());
    }

    [Test]
    public void Answer_of_another_question_isnt_read() => Assert.That(Seal.TryOpen(new CacheKey("l"), Seal.Seal(Key, Answers.Of("x"))), Is.Null);

    [Test]
    public void Answer_of_another_installation_isnt_read() =>
        Assert.That(Create("a secret of another installation, and of no other").TryOpen(Key, Seal.Seal(Key, Answers.Of("x"))), Is.Null);

    [Test]
    public void Nothing_of_an_answer_can_be_seen_or_recognised()
    {
        byte[] once = Seal.Seal(Key, Answers.Of("the secret plan"));
        Assert.That(System.Text.Encoding.UTF8.GetString(once), Does.Not.Contain("secret"));
        Assert.That(once, Is.Not.EqualTo(Seal.Seal(Key, Answers.Of("the secret plan"))));
    }

    [Test]
    public void Payload_that_was_changed_or_cut_anywhere_isnt_read()
    {
        byte[] payload = Seal.Seal(Key, Answers.Of(new string('x', 2_000)));
        for (int i = 0; i < payload.Length; i++)
        {
            byte[] changed = [.. payload];
            changed[i] ^= 1;
            Assert.That(Seal.TryOpen(Key, changed), Is.Null, $"changed at {i}");
            Assert.That(Seal.TryOpen(Key, payload.AsSpan(0, i)), Is.Null, $"cut at {i}");
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool Any_bytes_are_refused(byte[] bytes) => Seal.TryOpen(Key, bytes) is null && Seal.TryOpen(Key, [1, .. bytes, .. new byte[40]]) is null;

    private static AnswerSeal Create(string secret) => new(new CacheKeyRing(Options.Create(new ExactMatchCacheOptions { InstallationKey = secret })));
}
