using System.Diagnostics.CodeAnalysis;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Gives the catalogue that the configuration names: the embedded one, or a file, read again when it has changed.</summary>
internal sealed class CatalogueLoader
{
    private readonly Lock _gate = new();
    private (string Path, DateTime ChangedAt, ModelCatalogue Catalogue)? _file;

    /// <summary>Gets the catalogue.</summary>
    /// <param name="path">The file; <see langword="null"/> for the embedded one.</param>
    /// <exception cref="CatalogueFormatException">The file is not a catalogue that this version can read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public ModelCatalogue Load(string? path)
    {
        if (path is null)
        {
            return ModelCatalogue.Embedded;
        }

        lock (_gate)
        {
            DateTime changedAt = File.GetLastWriteTimeUtc(path);
            if (_file is not { } known || known.Path != path || known.ChangedAt != changedAt)
            {
                _file = (path, changedAt, ModelCatalogue.Load(path));
            }

            return _file.Value.Catalogue;
        }
    }

    /// <summary>Gets the catalogue, or what is wrong with the file and what to do about it.</summary>
    public bool TryLoad(string? path, [NotNullWhen(true)] out ModelCatalogue? catalogue, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (catalogue, problem) = (Load(path), null);
            return true;
        }
        catch (Exception e) when (e is CatalogueFormatException or IOException or UnauthorizedAccessException)
        {
            (catalogue, problem) = (null, $"IntegrationLayer:CatalogueFile is '{path}', which can't be used: {e.Message} Write a new one with 'il-catalogue refresh', or leave the setting out to use the embedded catalogue.");
            return false;
        }
    }
}
