using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;

namespace IntegrationLayer.Sdk.Tests.Budgets;

internal sealed class BudgetLimitTests
{
    private static readonly BudgetLimit Valid = Demands.Daily("acme", 1);

    [TestCase(null, "null")]
    [TestCase(" ", "' '")]
    public void Scope_needs_a_name(string? name, string shown) =>
        Assert.That(() => new BudgetScope(BudgetScopeKind.Tenant, name!), Throws.ArgumentException.With.Message.Contains($"scope is {shown}"));

    [Test]
    public void Scope_needs_a_kind_there_is() =>
        Assert.That(() => new BudgetScope((BudgetScopeKind)77, "acme"), Throws.ArgumentException.With.Message.Contains("77"));

    [Test]
    public void Limit_refuses_what_no_budget_can_be_and_names_it() => Assert.Multiple(() =>
    {
        Assert.That(() => new BudgetLimit(default, 1, BudgetWindow.Total), Throws.ArgumentException.With.Message.Contains("no name"));
        Assert.That(() => new BudgetLimit(Valid.Scope, -0.5m, BudgetWindow.Total), Throws.ArgumentException.With.Message.Contains("-0.5"));
        Assert.That(() => new BudgetLimit(Valid.Scope, 1, null!), Throws.ArgumentNullException);
        Assert.That(() => Valid with { Amount = decimal.MaxValue }, Throws.ArgumentException.With.Message.Contains("79228162514264337593543950335"));
        Assert.That(() => Valid with { Thresholds = [80, 50] }, Throws.ArgumentException.With.Message.Contains("80, 50"));
        Assert.That(() => Valid with { Thresholds = [0] }, Throws.ArgumentException.With.Message.Contains("are 0"));
        Assert.That(() => Valid with { Thresholds = null! }, Throws.ArgumentNullException);
    });

    [Test]
    public void Amount_refuses_what_nobody_can_use()
    {
        Assert.That(() => new BudgetAmount(-1, 0), Throws.ArgumentException.With.Message.Contains("-1"));
        Assert.That(() => new BudgetAmount(0, -2), Throws.ArgumentException.With.Message.Contains("-2"));
        Assert.That(() => new BudgetAmount(0, 0, -3), Throws.ArgumentException.With.Message.Contains("-3"));
    }

    [Test]
    public void Changed_copies_differ_and_equal_ones_are_equal()
    {
        BudgetLimit other = Demands.Daily("acme", 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(other, Is.EqualTo(Valid));
            Assert.That(other.GetHashCode(), Is.EqualTo(Valid.GetHashCode()));
            Assert.That(other with { Thresholds = [50] }, Is.EqualTo(Valid with { Thresholds = [50] }));
            Assert.That(Valid with { Amount = 2 }, Is.Not.EqualTo(Valid));
            Assert.That(Valid with { Unit = BudgetUnit.Tokens }, Is.Not.EqualTo(Valid));
            Assert.That(Valid with { IsSoft = true }, Is.Not.EqualTo(Valid));
            Assert.That(Valid with { Thresholds = [50] }, Is.Not.EqualTo(Valid));
            Assert.That(Valid with { Window = BudgetWindow.Week() }, Is.Not.EqualTo(Valid));
        }
    }

    [TestCase("tenant:acme", BudgetScopeKind.Tenant, "acme")]
    [TestCase("ORG:all", BudgetScopeKind.Organization, "all")]
    [TestCase("user:*", BudgetScopeKind.User, "*")]
    [TestCase("tag:project=apollo:13", BudgetScopeKind.Tag, "project=apollo:13")]
    [TestCase("model:gpt-4o", BudgetScopeKind.Model, "gpt-4o")]
    public void Scope_is_read_from_text(string text, BudgetScopeKind kind, string name)
    {
        Assert.That(BudgetScope.TryParse(text, out BudgetScope scope, out string? problem), problem);
        Assert.That(scope, Is.EqualTo(new BudgetScope(kind, name)));
        Assert.That(scope.IsEach, Is.EqualTo(name == "*"));
    }

    [TestCase(null, "no scope")]
    [TestCase("acme", "no scope")]
    [TestCase("group:acme", "The kinds are org, tenant")]
    [TestCase("tenant:", "tenant:name")]
    [TestCase("tag:apollo", "tag:name=value")]
    [TestCase("tag:=apollo", "tag:name=value")]
    [TestCase("tag:project=", "tag:name=value")]
    public void Text_that_is_no_scope_is_named_with_the_cure(string? text, string cure)
    {
        Assert.That(BudgetScope.TryParse(text, out _, out string? problem), Is.False);
        Assert.That(problem, Does.Contain($"'{text}'").And.Contain(cure));
    }

    [Test]
    public void Scope_says_whose_it_is()
    {
        BudgetScope scope = new(BudgetScopeKind.User, "jo", "acme");

        Assert.That((scope.ToString(), scope.Partition), Is.EqualTo(("user:acme/jo", "acme")));
        Assert.That(Valid.Scope.Partition, Is.EqualTo("acme"));
        Assert.That(new BudgetScope(BudgetScopeKind.Provider, "openai").Partition, Is.Empty);
        Assert.That(Valid.ToString(), Is.EqualTo("1 USD for tenant:acme per day@UTC"));
        Assert.That((Valid with { Unit = BudgetUnit.Tokens, Window = BudgetWindow.Total }).ToString(), Is.EqualTo("1 tokens for tenant:acme"));
    }
}
