namespace IntegrationLayer.Sdk.Testing;

/// <summary>What a test expected of a fake or of a receipt did not happen. Any test framework reports it as a failure.</summary>
public sealed class FakeVerificationException : Exception
{
    /// <summary>Creates the exception without a message of its own.</summary>
    public FakeVerificationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    public FakeVerificationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    /// <param name="innerException">The cause.</param>
    public FakeVerificationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal FakeVerificationException(IEnumerable<string> problems)
        : base("The script was not played as expected:\n  " + string.Join("\n  ", problems))
    {
    }
}
