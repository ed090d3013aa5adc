namespace IntegrationLayer.Sdk;

/// <summary>The base of the exceptions that the SDK throws for failures the caller didn't cause by a wrong argument.</summary>
/// <param name="message">What happened, with the cure. Never a key or a prompt.</param>
/// <param name="innerException">What caused it.</param>
public abstract class IntegrationLayerException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Gets a value indicating whether the same request may succeed later.</summary>
    public abstract bool IsTransient { get; }
}
