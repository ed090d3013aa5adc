using System.Diagnostics.CodeAnalysis;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Who or what a budget belongs to.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Name">Its name, such as <c>acme</c>; not blank, at most 256 characters. <see cref="Each"/> stands for every one of the kind, with a budget of its own.</param>
/// <param name="TenantId">The tenant within which the name is known: users <c>jo</c> of two tenants are two users. <see langword="null"/> for a name that all tenants share.</param>
/// <exception cref="ArgumentException">The name is <see langword="null"/>, blank or too long, or the kind is none.</exception>
public readonly record struct BudgetScope(BudgetScopeKind Kind, string Name, string? TenantId = null)
{
    /// <summary>The name that stands for every one of a kind.</summary>
    public const string Each = "*";

    private const int LongestName = 256;

    private static readonly string[] Words = ["org", "tenant", "team", "user", "key", "model", "provider", "operation", "tag"];

    /// <summary>Gets what kind of thing it is.</summary>
    public BudgetScopeKind Kind { get; init => field = Checked(value); } = Checked(Kind);

    /// <summary>Gets its name.</summary>
    public string Name { get; init => field = Checked(value); } = Checked(Name);

    /// <summary>Gets the tenant whose budgets lie together with it in a shared store; empty for what all tenants share.</summary>
    public string Partition => Kind is BudgetScopeKind.Tenant ? Name : TenantId ?? "";

    /// <summary>Gets a value indicating whether it stands for every one of its kind.</summary>
    public bool IsEach => Name == Each;

    /// <summary>Reads a scope as configuration writes it.</summary>
    /// <param name="text">A kind and a name, such as <c>tenant:acme</c>, <c>user:*</c> or <c>tag:project=apollo</c>; the kinds are <c>org</c>, <c>tenant</c>, <c>team</c>, <c>user</c>, <c>key</c>, <c>model</c>, <c>provider</c>, <c>operation</c>, <c>tag</c>.</param>
    /// <param name="scope">Receives the scope.</param>
    /// <param name="problem">Receives what is wrong with the text, and the cure.</param>
    /// <returns>Whether the text is a scope.</returns>
    public static bool TryParse(string? text, out BudgetScope scope, [NotNullWhen(false)] out string? problem)
    {
        scope = default;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        string kind = colon < 0 ? text ?? "" : text![..colon];
        int index = Array.FindIndex(Words, word => word.Equals(kind, StringComparison.OrdinalIgnoreCase));
        string name = colon < 0 ? "" : text![(colon + 1)..];
        problem = index < 0 ? $"is '{text}', which is no scope; write a kind and a name, such as tenant:acme. The kinds are {string.Join(", ", Words)}"
            : string.IsNullOrWhiteSpace(name) || name.Length > LongestName ? $"is '{text}', which lacks a name of 1 to {LongestName} characters; write {Words[index]}:name, or {Words[index]}:* for each of them"
            : (BudgetScopeKind)index is BudgetScopeKind.Tag && !IsTag(name) ? $"is '{text}'; write a tag as tag:name=value, or tag:name=* for each of its values"
            : null;
        if (problem is not null)
        {
            return false;
        }

        scope = new BudgetScope((BudgetScopeKind)index, name);
        return true;
    }

    /// <summary>Gives the kind and the name, such as <c>tenant:acme</c> or <c>user:acme/jo</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => TenantId is null ? $"{Words[(int)Kind]}:{Name}" : $"{Words[(int)Kind]}:{TenantId}/{Name}";

    private static bool IsTag(string name) => name.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && at < name.Length - 1;

    private static BudgetScopeKind Checked(BudgetScopeKind kind) => Enum.IsDefined(kind)
        ? kind
        : throw new ArgumentException($"The kind of a budget's scope is {kind}; use one of BudgetScopeKind's.", nameof(kind));

    private static string Checked(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName
        ? name
        : throw new ArgumentException($"The name of a budget's scope is {(name is null ? "null" : $"'{name}'")}; give the name of who pays in 1 to {LongestName} characters, such as acme.", nameof(name));
}
