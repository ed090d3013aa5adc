using IntegrationLayer.Sdk.Usage;

namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Who called. A row of the table il_callers.</summary>
internal readonly record struct CallerKey(string User, string Key)
{
    /// <summary>Gets the columns, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["user_id", "key_id"];

    public string[] Values => [User, Key];

    public static CallerKey Of(UsageRecord record) => new(record.Context.UserId ?? "", record.Context.KeyId ?? "");
}
