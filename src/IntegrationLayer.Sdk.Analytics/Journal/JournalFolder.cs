namespace IntegrationLayer.Sdk.Analytics.Journal;

/// <summary>The folder of one writer's journal. It is held by a lock that ends with the process, however that ends.</summary>
internal sealed class JournalFolder : IDisposable
{
    private const string LockName = "lock";
    private const int Tries = 3;
    private readonly FileStream _lock;

    private JournalFolder(string path, Guid writer, FileStream held)
    {
        Path = path;
        Writer = writer;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Gets the identifier by which the database knows what it has taken from this journal.</summary>
    public Guid Writer { get; }

    /// <summary>Makes a journal of one's own below a folder.</summary>
    /// <exception cref="UsageDatabaseException">The folder can't be written.</exception>
    public static JournalFolder Create(string root)
    {
        try
        {
            // Until it is locked, another process may take a new folder for one that was left behind.
            for (int i = 0; i < Tries; i++)
            {
                var writer = Guid.NewGuid();
                string path = System.IO.Path.Combine(root, writer.ToString("N"));
                Directory.CreateDirectory(path);
                if (TryLock(path) is { } held)
                {
                    return new JournalFolder(path, writer, held);
                }
            }

            throw new IOException("New journals can't be locked.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageDatabaseException(
                $"The journal of usage records can't be written in '{root}': {e.Message} Set AnalyticsOptions.JournalPath to a folder on a local disk that this process may write and that outlives it.", e);
        }
    }

    /// <summary>Takes over a journal whose writer has died and left records behind.</summary>
    /// <param name="root">The folder of all journals.</param>
    /// <param name="except">Writers whose journals are left alone.</param>
    /// <returns>The journal; <see langword="null"/> if there is none.</returns>
    public static JournalFolder? TryAdopt(string root, IReadOnlySet<Guid> except)
    {
        if (!Directory.Exists(root))
        {
            return null;
        }

        foreach (string path in Directory.EnumerateDirectories(root))
        {
            if (Guid.TryParseExact(System.IO.Path.GetFileName(path), "N", out Guid writer) && !except.Contains(writer) && TryLock(path) is { } held)
            {
                return new JournalFolder(path, writer, held);
            }
        }

        return null;
    }

    /// <summary>Gets the files in the order they were written.</summary>
    public IEnumerable<JournalSegment> Segments() => Files().Order(StringComparer.Ordinal).Select(JournalSegment.Left);

    /// <summary>Deletes the journal: nothing in it is needed any more.</summary>
    /// <returns>Whether its records are gone. If not, whoever takes it over finds them again.</returns>
    public bool TryDelete()
    {
        bool isEmpty = false;
        try
        {
            // The records go while the lock is held: whoever takes over the empty folder stores nothing twice.
            foreach (string file in Files())
            {
                File.Delete(file);
            }

            isEmpty = true;
            Dispose();
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It can't be deleted, or somebody else has taken over the empty folder and deletes it.
        }

        return isEmpty || !Directory.Exists(Path);
    }

    public void Dispose() => _lock.Dispose();

    private string[] Files() => Directory.GetFiles(Path, "*" + JournalSegment.Extension);

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its writer lives, or somebody else is taking it over, or it is just being deleted.
            return null;
        }
    }
}
