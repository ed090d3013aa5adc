namespace IntegrationLayer.Sdk.Portkey;

/// <summary>The other side closed a connection that it had kept open for further requests, before it answered this one with a single byte.</summary>
/// <param name="innerException">What the connection said; <see langword="null"/> if it ended without a word.</param>
internal sealed class StaleConnectionException(Exception? innerException) : IOException("A kept connection was closed as the request was sent.", innerException);
