namespace IntegrationLayer.Sdk.Analytics;

/// <summary>Settings of the durable usage store. Checked when the application starts.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>Gets or sets the folder of the journal: on a local disk, and one that outlives the process (a volume, in a container). Several processes may share it.</summary>
    /// <value>When <see langword="null"/>, beside the SQLite file, as <c>usage.db.journal</c>; for PostgreSQL, <c>IntegrationLayer.Sdk/usage-journal</c> in the user's folder for application data.</value>
    public string? JournalPath { get; set; }

    /// <summary>Gets or sets how many records may wait in memory for the journal. Beyond that, which takes a disk that stands still, records are dropped, counted and logged.</summary>
    /// <value>From 1 to 1,000,000; the default is 16,384.</value>
    public int QueueCapacity { get; set; } = 16_384;

    /// <summary>Gets or sets how large the journal may become while the database is away. Beyond that, records are dropped, counted and logged.</summary>
    /// <value>From 1 MiB to 1 TiB; the default is 1 GiB, about four million records.</value>
    public long MaxJournalBytes { get; set; } = 1L << 30;

    /// <summary>Gets or sets a value indicating whether records survive a loss of power too: every write waits until the disk has it. A killed process loses nothing either way.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool FlushToDisk { get; set; }

    /// <summary>Gets or sets how long records are gathered before they go to the database in one batch.</summary>
    /// <value>From 1 ms to 10 s; the default is 200 ms. Queries see a record that much later.</value>
    public TimeSpan StoreInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets or sets how long single records are kept. Groups by tag, and by user or key within a day, need them.</summary>
    /// <value>From 1 to 3,650 days; the default is 30 days. Whole days, in UTC.</value>
    public TimeSpan KeepRecords { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Gets or sets how long the sums of minutes are kept.</summary>
    /// <value>From 1 to 3,650 days; the default is 7 days.</value>
    public TimeSpan KeepMinutes { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets how long the sums of hours are kept.</summary>
    /// <value>From 1 to 3,650 days; the default is 90 days.</value>
    public TimeSpan KeepHours { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Gets or sets how long the sums of days are kept.</summary>
    /// <value>From 1 to 3,650 days; the default is 1,095 days.</value>
    public TimeSpan KeepDays { get; set; } = TimeSpan.FromDays(1_095);

    /// <summary>Gets or sets how long a statement may take in the database.</summary>
    /// <value>From 1 s to 1 hour; the default is 30 s.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
