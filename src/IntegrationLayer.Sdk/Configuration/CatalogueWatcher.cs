namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Tells when the catalogue file changes.</summary>
internal sealed class CatalogueWatcher : IDisposable
{
    private FileSystemWatcher? _watcher;
    private string? _path;

    /// <summary>Watches a file instead of whatever was watched before.</summary>
    /// <param name="path">The file; <see langword="null"/> for none.</param>
    /// <param name="changed">Called, on another thread, when it was written, replaced or renamed to.</param>
    public void Watch(string? path, Action changed)
    {
        if (path == _path)
        {
            return;
        }

        Dispose();
        _path = path;
        if (path is null)
        {
            return;
        }

        string full = Path.GetFullPath(path);
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!, Path.GetFileName(full)) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
        _watcher.Changed += (_, _) => changed();
        _watcher.Created += (_, _) => changed();
        _watcher.Renamed += (_, _) => changed();
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _watcher = null;
    }
}
