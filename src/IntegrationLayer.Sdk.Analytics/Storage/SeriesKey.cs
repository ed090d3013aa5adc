using System.Security.Cryptography;
using System.Text;
using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The properties that sums tell apart. A row of the table il_series.</summary>
internal readonly record struct SeriesKey(
    string Tenant, string Team, string Operation, string Kind, string Provider, string Model, string Deployment, string Outcome, string ErrorType, string Cache, string PriceStatus)
{
    /// <summary>Gets the columns, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["tenant", "team", "operation", "kind", "provider", "model", "deployment", "outcome", "error_type", "cache", "price_status"];

    public string[] Values => [Tenant, Team, Operation, Kind, Provider, Model, Deployment, Outcome, ErrorType, Cache, PriceStatus];

    public static SeriesKey Of(UsageRecord record) => new(
        record.Context.TenantId ?? "",
        record.Context.TeamId ?? "",
        record.Context.Operation,
        EnumNames.Of(record.Kind),
        record.Provider ?? "",
        record.Model ?? "",
        record.Deployment ?? "",
        record.Outcome,
        record.ErrorType ?? "",
        record.Cache ?? "",
        EnumNames.Of(record.PriceStatus));

    /// <summary>Gets what rows are unique by: an index over the texts themselves would be too long.</summary>
    public static byte[] HashOf(IReadOnlyList<string> values)
    {
        var text = new StringBuilder();
        foreach (string value in values)
        {
            text.Append(value.Length).Append(':').Append(value);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..16];
    }
}
