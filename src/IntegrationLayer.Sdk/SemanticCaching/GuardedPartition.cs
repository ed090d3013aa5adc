namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>An <see cref="IndexPartition"/> for many readers or one writer at a time.</summary>
internal sealed class GuardedPartition(int dimensions) : IDisposable
{
    [ThreadStatic]
    private static GraphWalk? _walk;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly IndexPartition _entries = new(dimensions);
    private bool _isGone;

    public IReadOnlyList<SemanticMatch> Search(ReadOnlySpan<float> vector, int count, DateTimeOffset now)
    {
        Check(vector.Length);
        _lock.EnterReadLock();
        try
        {
            return _entries.Search(vector, count, now, _walk ??= new GraphWalk());
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Adds an entry; <see langword="false"/> if the partition was given up meanwhile.</summary>
    public bool TryAdd(SemanticEntry entry, ReadOnlySpan<float> vector, out int bytes)
    {
        Check(vector.Length);
        _lock.EnterWriteLock();
        try
        {
            bytes = entry.Size + _entries.BytesPerEntry;
            if (_isGone)
            {
                return false;
            }

            _entries.Remove(entry.Id);
            _entries.Add(entry, vector);
            return true;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes an entry; <see langword="true"/> if it was the last, so that the partition is given up.</summary>
    public bool Remove(string id)
    {
        _lock.EnterWriteLock();
        try
        {
            _entries.Remove(id);
            _isGone |= _entries.Count == 0;
            return _isGone;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Check(int dimensions)
    {
        if (dimensions != _entries.Dimensions)
        {
            throw new SemanticIndexException(
                $"A vector of {dimensions} dimensions was given to a partition of vectors of {_entries.Dimensions}. Keep to one embedder and one number of dimensions, or clear the index.");
        }
    }
}
