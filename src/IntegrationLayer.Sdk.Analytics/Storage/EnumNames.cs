using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Names of enumerated values, made once.</summary>
internal static class EnumNames
{
    private static readonly string[] Kinds = Enum.GetNames<ModelKind>();
    private static readonly string[] Statuses = Enum.GetNames<PriceStatus>();

    public static string Of(ModelKind kind) => (uint)kind < Kinds.Length ? Kinds[(int)kind] : kind.ToString();

    public static string Of(PriceStatus status) => (uint)status < Statuses.Length ? Statuses[(int)status] : status.ToString();
}
