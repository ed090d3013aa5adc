namespace IntegrationLayer.Sdk.Testing;

/// <summary>A fake got a request that no route answers. The message names the request and the routes there are.</summary>
public sealed class UnmatchedRequestException : InvalidOperationException
{
    /// <summary>Creates the exception without a message of its own.</summary>
    public UnmatchedRequestException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The request, and the routes there are.</param>
    public UnmatchedRequestException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The request, and the routes there are.</param>
    /// <param name="innerException">The cause.</param>
    public UnmatchedRequestException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
