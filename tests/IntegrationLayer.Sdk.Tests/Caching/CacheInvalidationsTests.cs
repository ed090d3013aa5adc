using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.TestSupport.Caching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Caching;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CacheInvalidationsTests
{
    private static readonly CacheKeyRing Ring = new(Options.Create(new ExactMatchCacheOptions()));
    private static readonly CacheKey Key = new("k");

    private readonly CacheInvalidations _invalidations = new(Ring, TimeProvider.System);

    private static IEnumerable<TestCaseData> Labels() =>
    [
        new(Ring.Label(CacheLabelKind.All, null), true),
        new(Ring.Label(CacheLabelKind.Tenant, "acme"), true),
        new(Ring.Label(CacheLabelKind.Tenant, "other"), false),
        new(Ring.Label(CacheLabelKind.Tenant, null), false),
        new(Ring.Label(CacheLabelKind.Model, "SMALL"), true),
        new(Ring.Label(CacheLabelKind.Model, "small-1"), true),
        new(Ring.Label(CacheLabelKind.Model, "lab/small"), true),
        new(Ring.Label(CacheLabelKind.Model, "large"), false),
        new(Ring.Label(CacheLabelKind.Tag, "prices"), true),
        new(Ring.Label(CacheLabelKind.Tag, "Prices"), false),
        new(Ring.Label(CacheLabelKind.Tag, "acme"), false),
        new(CacheKeyRing.LabelOf(Key.Digest), true),
        new(CacheKeyRing.LabelOf(new CacheKey("other").Digest), false),
    ];

    [TestCaseSource(nameof(Labels))]
    public void Answer_is_no_longer_valid_when_one_of_its_labels_isnt(ulong label, bool isHit)
    {
        CachedAnswer answer = Answers.Of("x", tenant: "acme", tags: ["prices", "stock"]);
        Assert.That(_invalidations.Allows(answer, Key));
        _invalidations.Add([label]);

        Assert.That(_invalidations.Allows(answer, Key), Is.EqualTo(!isHit));
        Assert.That(_invalidations.Allows(answer, Key), Is.EqualTo(!isHit), "looked at again");
    }

    [Test]
    public void Answer_that_was_asked_for_afterwards_is_valid()
    {
        ulong tag = Ring.Label(CacheLabelKind.Tag, "prices");
        long before = _invalidations.Current;
        _invalidations.Add([tag]);

        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: before, tags: ["prices"]), Key), Is.False, "asked for before, written after");
        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: _invalidations.Current, tags: ["prices"]), Key));
    }

    [Test]
    public void Invalidation_that_arrives_late_still_counts()
    {
        CachedAnswer answer = Answers.Of("x", stamp: 100, tags: ["prices"]);
        Learn("stock", 110, current: 90);
        Assert.That(_invalidations.Allows(answer, Key));
        Assert.That(_invalidations.Current, Is.EqualTo(90), "there is a gap");
        Learn("prices", 105, current: 110);

        Assert.That(_invalidations.Allows(answer, Key), Is.False);
        Assert.That(_invalidations.Current, Is.EqualTo(110));
    }

    [Test]
    public void Late_repetition_of_an_older_invalidation_changes_nothing()
    {
        Learn("prices", 110, current: 110);
        Learn("prices", 105, current: 105);
        Assert.That(_invalidations.Current, Is.EqualTo(110));
        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: 107, tags: ["prices"]), Key), Is.False);
    }

    [Test]
    public void What_is_older_than_what_is_known_is_valid_nowhere()
    {
        CachedAnswer answer = Answers.Of("x", stamp: 100);
        _invalidations.Learn([], floor: 101, current: 101);
        _invalidations.Learn([], floor: 50, current: 101);

        Assert.That(_invalidations.Allows(answer, Key), Is.False);
        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: 101), Key));
    }

    [Test]
    public void What_is_about_to_be_numbered_is_given_to_nobody_until_it_is()
    {
        ulong tag = Ring.Label(CacheLabelKind.Tag, "prices");
        ulong key = CacheKeyRing.LabelOf(Key.Digest);
        _invalidations.AddUnnumbered([tag]);
        _invalidations.AddUnnumbered([tag, key]);
        bool ofTag = _invalidations.Allows(Answers.Of("x", stamp: 1_000, tags: ["prices"]), new CacheKey("other"));
        bool ofKey = _invalidations.Allows(Answers.Of("x", stamp: 1_000), Key);
        bool ofOther = _invalidations.Allows(Answers.Of("x", stamp: 1_000), new CacheKey("other"));
        _invalidations.EndUnnumbered([tag, key]);
        bool ofSecond = _invalidations.Allows(Answers.Of("x", stamp: 1_000, tags: ["prices"]), Key);
        _invalidations.EndUnnumbered([tag]);

        Assert.That((ofTag, ofKey, ofOther, ofSecond), Is.EqualTo((false, false, true, false)));
        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: 1_000, tags: ["prices"]), Key));
    }

    [Test]
    public void News_is_told_once_and_what_was_invalid_before_is_none()
    {
        var told = new List<int>();
        _invalidations.Invalidated += told.Add;
        Learn("old", 90, current: 90);
        Learn("prices", 110, current: 110);
        Learn("prices", 110, current: 110);
        _invalidations.Add([1, 2]);
        Assert.That(told, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void More_labels_than_are_kept_invalidate_everything_of_their_time()
    {
        CachedAnswer old = Answers.Of("x");
        for (ulong label = 1; label <= 10_001; label++)
        {
            _invalidations.Add([label]);
        }

        Assert.That(_invalidations.Allows(old, Key), Is.False);
        Assert.That(_invalidations.Allows(Answers.Of("x", stamp: _invalidations.Current), Key));
    }

    private void Learn(string tag, long stamp, long current) => _invalidations.Learn([new(Ring.Label(CacheLabelKind.Tag, tag), stamp)], 0, current);
}
