using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>A record and its place in its journal.</summary>
internal readonly record struct JournalEntry(long Sequence, UsageRecord Record);
