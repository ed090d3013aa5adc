using IntegrationLayer.Sdk.Analytics.Journal;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.Logging.Testing;

namespace IntegrationLayer.Sdk.Analytics.Tests.Journal;

/// <summary>Journals that dead processes have left, whole and damaged.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class JournalTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 18, 30, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeDatabase _database = new();
    private readonly FakeLogger _log = new();
    private readonly UsageRecord[] _records = [.. SampleRecords.Mix(5, 30, Now, TimeSpan.FromHours(1))];

    private string Root => _folder.File("journals");

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Journal_is_taken_over_only_when_its_process_is_dead()
    {
        using (JournalFolder living = JournalFolder.Create(Root))
        {
            Write(living);
            await RecoverAsync();
            Assert.That(_database.Records, Is.Empty);
        }

        await RecoverAsync();
        Assert.That(Ids(_database.Records), Is.EqualTo(Ids(_records)));
        Assert.That(Directory.GetDirectories(Root), Is.Empty);
        Assert.That(_database.Forgotten, Has.Count.EqualTo(1));
    }

    // Every length that a write can be cut off at.
    [Test]
    public async Task Write_that_was_cut_off_costs_only_what_was_not_acknowledged()
    {
        byte[] whole = Left();
        int end = whole.Length;
        foreach (int cut in (int[])[1, 3, 15, 16, 17, 40, 200])
        {
            _database.Records.Clear();
            Leave(whole[..(end - cut)]);
            await RecoverAsync();
            Assert.That(Ids(_database.Records), Is.EqualTo(Ids(_records[..29])).Or.EqualTo(Ids(_records[..28])), $"{cut} bytes less");
        }

        Assert.That(_log.Collector.GetSnapshot()[^1].Message, Does.Contain("bytes at the end of writes that were cut off were skipped").And.Not.Contain(" 0 bytes"));
    }

    [Test]
    public async Task Damaged_record_costs_itself_and_no_other()
    {
        byte[] bytes = Left();
        FrameReader.Find(bytes, out _, out ReadOnlySpan<byte> first);
        bytes[FrameWriter.HeaderLength + first.Length + FrameWriter.HeaderLength + 10] ^= 1;
        Leave(bytes);

        await RecoverAsync();
        Assert.That(Ids(_database.Records), Is.EqualTo(Ids([_records[0], .. _records[2..]])));
    }

    [Test]
    public async Task Frame_of_impossible_length_is_passed_over()
    {
        Leave([0xFF, 0xFF, 0xFF, 0x7F, .. Left()]);

        await RecoverAsync();
        Assert.That(Ids(_database.Records), Is.EqualTo(Ids(_records)));
    }

    [Test]
    public async Task Journal_of_a_newer_package_stays_where_it_is()
    {
        FrameWriter frames = new();
        frames.Begin(1);
        frames.Byte(99);
        frames.TryEnd();
        Leave(frames.Written.ToArray());
        Leave(Left());
        using Recovery recovery = new(Root, _database, _log);

        await recovery.RunAsync(CancellationToken.None);
        await recovery.RunAsync(CancellationToken.None);
        Assert.That(_database.Records, Has.Count.EqualTo(30), "the other one is stored");
        Assert.That(Directory.GetDirectories(Root), Has.Length.EqualTo(1));
        Assert.That(_log.Collector.GetSnapshot().Where(e => e.Id.Id == 1705), Has.Exactly(1).Items, "said once");
    }

    [Test]
    public async Task Recovery_that_the_database_breaks_off_goes_on_later()
    {
        Leave(Left());
        _database.BeforeWrite = _ => throw new IOException("away");
        using Recovery recovery = new(Root, _database, _log);
        Assert.That(async () => await recovery.RunAsync(CancellationToken.None), Throws.TypeOf<IOException>());
        Assert.That(Directory.GetDirectories(Root), Has.Length.EqualTo(1));

        _database.BeforeWrite = _ => Task.CompletedTask;
        await recovery.RunAsync(CancellationToken.None);
        Assert.That(Ids(_database.Records), Is.EqualTo(Ids(_records)));
    }

    [Test]
    public async Task Nothing_to_recover_is_no_error()
    {
        Directory.CreateDirectory(Path.Combine(Root, "not a journal"));
        await RecoverAsync();
        using Recovery nowhere = new(_folder.File("nowhere"), _database, _log);

        Assert.That(async () => await nowhere.RunAsync(CancellationToken.None), Throws.Nothing);
        Assert.That(Directory.Exists(Path.Combine(Root, "not a journal")), Is.True);
    }

    private static List<string> Ids(IEnumerable<UsageRecord> records) => [.. records.Select(record => record.RequestId)];

    private async Task RecoverAsync()
    {
        using Recovery recovery = new(Root, _database, _log);
        await recovery.RunAsync(CancellationToken.None);
    }

    private void Write(JournalFolder folder)
    {
        using JournalWriter writer = new(folder, flushToDisk: true);
        FrameWriter frames = new();
        for (int i = 0; i < _records.Length; i++)
        {
            frames.Begin(i + 1);
            RecordCodec.Write(frames, _records[i]);
            frames.TryEnd();
        }

        writer.Append(frames.Written, _records.Length);
    }

    // The bytes that a process has left which wrote all records.
    private byte[] Left()
    {
        using JournalFolder folder = JournalFolder.Create(_folder.File("elsewhere"));
        Write(folder);
        return File.ReadAllBytes(Directory.GetFiles(folder.Path, "*.log").Single());
    }

    private void Leave(byte[] bytes)
    {
        using JournalFolder folder = JournalFolder.Create(Root);
        File.WriteAllBytes(Path.Combine(folder.Path, JournalSegment.NameOf(1)), bytes);
    }
}
