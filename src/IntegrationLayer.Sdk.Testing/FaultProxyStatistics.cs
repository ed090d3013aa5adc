namespace IntegrationLayer.Sdk.Testing;

/// <summary>What has gone through a <see cref="FaultProxy"/> so far.</summary>
/// <param name="Connections">The connections that were accepted since the beginning.</param>
/// <param name="OpenConnections">Those of them that are still open.</param>
/// <param name="BytesUp">The bytes that were passed on from clients to the server.</param>
/// <param name="BytesDown">The bytes that were passed on from the server to clients.</param>
public readonly record struct FaultProxyStatistics(int Connections, int OpenConnections, long BytesUp, long BytesDown);
