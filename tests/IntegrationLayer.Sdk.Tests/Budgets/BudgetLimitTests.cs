using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Tests.Budgets;

internal sealed class BudgetLimitTests
{
    private static readonly BudgetLimit Valid = new(new BudgetScope("tenant:acme"), 0, TimeSpan.FromDays(1));

    [TestCase(null, "null")]
    [TestCase(" ", "' '")]
    public void Scope_needs_a_name(string? name, string shown) =>
        Assert.That(() => new BudgetScope(name!), Throws.ArgumentException.With.Message.Contains($"scope is {shown}"));

    [Test]
    public void Limit_refuses_what_no_budget_can_be_and_names_it() => Assert.Multiple(() =>
    {
        Assert.That(() => new BudgetLimit(default, 1, TimeSpan.FromDays(1)), Throws.ArgumentException.With.Message.Contains("Scope.Name is ''"));
        Assert.That(() => new BudgetLimit(Valid.Scope, -0.5m, TimeSpan.FromDays(1)), Throws.ArgumentException.With.Message.Contains("AmountUsd is -0.5"));
        Assert.That(() => new BudgetLimit(Valid.Scope, 1, TimeSpan.Zero), Throws.ArgumentException.With.Message.Contains("Period is 00:00:00"));
        Assert.That(() => Valid with { AmountUsd = -1 }, Throws.ArgumentException.With.Message.Contains("AmountUsd is -1"));
    });
}
