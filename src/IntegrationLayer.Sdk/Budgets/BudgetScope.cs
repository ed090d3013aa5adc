namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Who pays.</summary>
/// <param name="Name">A name such as <c>tenant:acme</c>; not blank.</param>
/// <exception cref="ArgumentException">The name is <see langword="null"/> or blank.</exception>
public readonly record struct BudgetScope(string Name)
{
    /// <summary>Gets the name.</summary>
    public string Name { get; init => field = Checked(value); } = Checked(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Checked(string? name) => !string.IsNullOrWhiteSpace(name)
        ? name
        : throw new ArgumentException($"The name of a budget's scope is {(name is null ? "null" : $"'{name}'")}; give the name of who pays, such as tenant:acme.", nameof(name));
}
