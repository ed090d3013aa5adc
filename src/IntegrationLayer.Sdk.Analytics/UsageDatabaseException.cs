namespace IntegrationLayer.Sdk.Analytics;

/// <summary>The database of usage records can't be used as it is: its schema is newer, its file is no database, its folder can't be written.</summary>
/// <param name="message">What is wrong, and the cure.</param>
/// <param name="innerException">What caused it.</param>
public sealed class UsageDatabaseException(string message, Exception? innerException = null) : IntegrationLayerException(message, innerException)
{
    /// <inheritdoc/>
    public override bool IsTransient => false;
}
