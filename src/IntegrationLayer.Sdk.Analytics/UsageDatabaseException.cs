namespace IntegrationLayer.Sdk.Analytics;

/// <summary>The database of usage records can't be used: it is away or busy, or it never will be as it is, because its schema is newer, its file is no database or can't be written.</summary>
/// <param name="message">What is wrong, and the cure.</param>
/// <param name="innerException">What caused it.</param>
/// <param name="isTransient">Whether it may work later as it is.</param>
public sealed class UsageDatabaseException(string message, Exception? innerException = null, bool isTransient = false) : IntegrationLayerException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => isTransient;
}
