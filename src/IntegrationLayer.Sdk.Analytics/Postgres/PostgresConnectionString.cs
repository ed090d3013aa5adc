using Npgsql;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>Checks connection strings without connecting. Never quotes one, which may hold a password.</summary>
internal static class PostgresConnectionString
{
    private const string Example = "Write it as Npgsql does, such as \"Host=db;Database=usage;Username=il\".";

    /// <exception cref="ArgumentException">It can't be read, or names no host.</exception>
    public static void Check(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        string? host;
        try
        {
            host = new NpgsqlConnectionStringBuilder(connectionString).Host;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The cause is left out: it may quote a part of the password.
            throw new ArgumentException($"The connection string of the usage database can't be read. {Example}", nameof(connectionString));
        }

        if (string.IsNullOrWhiteSpace(host))
        {
            throw new ArgumentException($"The connection string of the usage database names no host. {Example}", nameof(connectionString));
        }
    }
}
