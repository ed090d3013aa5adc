namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A semantic index was given what it can't take.</summary>
public sealed class SemanticIndexException : IntegrationLayerException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, with the values, and the cure.</param>
    public SemanticIndexException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, with the values, and the cure.</param>
    /// <param name="innerException">The cause.</param>
    public SemanticIndexException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
