using IntegrationLayer.Sdk.TestSupport.Postgres;
using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Tests;

/// <summary>One server for all tests that don't disturb it; each has a schema of its own.</summary>
[SetUpFixture]
internal sealed class SharedPostgres
{
    private static PostgresServer s_server = null!;
    private static int s_schemas;

    [OneTimeSetUp]
    public async Task StartAsync() => s_server = await PostgresServer.StartNewAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await s_server.DisposeAsync();
    }

    /// <summary>Makes an empty schema, and gives the connection string that leads into it.</summary>
    public static string NewSchema() => NewSchema(s_server);

    /// <summary>Makes an empty schema on a server, and gives the connection string that leads into it.</summary>
    public static string NewSchema(PostgresServer server)
    {
        string name = $"test_{Interlocked.Increment(ref s_schemas)}";
        Execute(server.ConnectionString, $"CREATE SCHEMA {name}");
        return $"{server.ConnectionString};Search Path={name}";
    }

    public static void Execute(string connectionString, string sql) => Scalar(connectionString, sql);

    public static object? Scalar(string connectionString, string sql)
    {
        using NpgsqlConnection connection = new($"{connectionString};Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        return command.ExecuteScalar();
    }
}
