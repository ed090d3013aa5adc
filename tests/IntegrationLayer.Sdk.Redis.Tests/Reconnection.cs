using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests;

/// <summary>Tells when a connection that was lost is there again.</summary>
internal static class Reconnection
{
    /// <summary>Begins to watch. Call while the server is away, or before it goes.</summary>
    /// <returns>What completes when commands can be sent again.</returns>
    public static async Task<Task> ExpectAsync(RedisConnection connection)
    {
        TaskCompletionSource restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConnectionMultiplexer multiplexer = await connection.GetMultiplexerAsync();
        multiplexer.ConnectionRestored += (_, e) =>
        {
            if (e.ConnectionType is ConnectionType.Interactive)
            {
                restored.TrySetResult();
            }
        };
        return restored.Task;
    }
}
