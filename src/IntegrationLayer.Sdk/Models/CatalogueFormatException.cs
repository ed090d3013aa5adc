namespace IntegrationLayer.Sdk.Models;

/// <summary>A file is no model catalogue, is damaged, or was written by a newer version of the tool.</summary>
/// <param name="message">What is wrong with which file, with the cure.</param>
/// <param name="fileName">The file, or what the caller named its stream.</param>
/// <param name="innerException">What caused it.</param>
public sealed class CatalogueFormatException(string message, string fileName, Exception? innerException = null)
    : IntegrationLayerException(message, innerException)
{
    /// <summary>Gets the name of the file.</summary>
    public string FileName { get; } = fileName;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
