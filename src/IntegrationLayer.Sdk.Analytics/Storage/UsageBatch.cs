using IntegrationLayer.Sdk.Analytics.Journal;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Records of one journal, in its order. A database takes each of them once, however often it is given them.</summary>
internal sealed record UsageBatch(Guid Writer, IReadOnlyList<JournalEntry> Entries)
{
    public string WriterId { get; } = Writer.ToString("N");

    public long LastSequence => Entries[^1].Sequence;

    /// <summary>Gets the records that come after those that the database has.</summary>
    public IEnumerable<JournalEntry> After(long sequence) => Entries.Where(entry => entry.Sequence > sequence);
}
