using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.TestSupport.Usage;
using IntegrationLayer.Sdk.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>What budgets have used, reckoned from usage records in memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UsageBudgetHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly BudgetPeriod Period = new(Day, Day.AddDays(1));

    private readonly ServiceProvider _services;
    private readonly IUsageStore _store;

    public UsageBudgetHistoryTests()
    {
        ServiceCollection services = new();
        services.AddIntegrationLayer(options =>
        {
            options.Portkey.ApiKey = "key";
            options.Accounts["openai"] = new AccountOptions { Provider = "openai", ApiKey = "sk-test" };
            options.Accounts["openai"].Models.Add("gpt-4o-mini");
        }).UseUsageAsBudgetHistory();
        _services = services.BuildServiceProvider();
        _store = _services.GetRequiredService<IUsageStore>();
    }

    public void Dispose() => _services.Dispose();

    [TestCase(BudgetScopeKind.Organization, "everybody", null, 5)]
    [TestCase(BudgetScopeKind.Tenant, "acme", null, 3)]
    [TestCase(BudgetScopeKind.Tenant, "(none)", null, 1)]
    [TestCase(BudgetScopeKind.Team, "search", "acme", 2)]
    [TestCase(BudgetScopeKind.Team, "search", null, 3)]
    [TestCase(BudgetScopeKind.User, "jo", "globex", 1)]
    [TestCase(BudgetScopeKind.User, "(none)", "acme", 1)]
    [TestCase(BudgetScopeKind.Key, "k1", "acme", 1)]
    [TestCase(BudgetScopeKind.Operation, "translate", null, 1)]
    [TestCase(BudgetScopeKind.Tag, "project=apollo", null, 1)]
    [TestCase(BudgetScopeKind.Tag, "project=(none)", null, 4)]
    [TestCase(BudgetScopeKind.Provider, "OpenAI", null, 5)]
    [TestCase(BudgetScopeKind.Model, "gpt-4o-mini", null, 5)]
    [TestCase(BudgetScopeKind.Model, "claude", null, 0)]
    public async Task Scope_has_used_what_its_requests_did(BudgetScopeKind kind, string name, string? tenant, int requests)
    {
        Keep(new() { TenantId = "acme", TeamId = "search", UserId = "jo", KeyId = "k1" });
        Keep(new() { TenantId = "acme", TeamId = "search", UserId = "al", Operation = "translate" });
        Keep(new() { TenantId = "acme", TeamId = "support", Tags = new Dictionary<string, string> { ["project"] = "apollo" } });
        Keep(new() { TenantId = "globex", TeamId = "search", UserId = "jo" });
        Keep(new() { UserId = "jo" });
        Keep(new() { TenantId = "acme" }, Period.Start.AddTicks(-1));
        Keep(new() { TenantId = "acme" }, Period.End);
        BudgetScope scope = new(kind, name, tenant);

        Assert.That(await UsedAsync(scope, BudgetUnit.Usd), Is.EqualTo(requests * 0.000027m));
        Assert.That(await UsedAsync(scope, BudgetUnit.Tokens), Is.EqualTo(requests * 120));
        Assert.That(await UsedAsync(scope, BudgetUnit.Requests), Is.EqualTo(requests));
    }

    [Test]
    public async Task Failed_calls_of_others_may_have_been_of_any_model()
    {
        Keep(new() { TenantId = "acme" });
        _store.Append(new UsageRecord
        {
            RequestId = "failed over",
            StartedAt = Day.AddHours(1),
            Context = new LlmRequestContext { TenantId = "acme" },
            Outcome = "success",
            Deployment = "openai/gpt-4o-mini",
            Provider = "openai",
            Model = "gpt-4o-mini",
            PriceStatus = PriceStatus.Estimated,
            CostNanoUsd = 3_000_000_000,
            WastedNanoUsd = 1_000_000_000,
            Tokens = new TokenUsage { Input = 20, Output = 100 },
            Attempts = [new LlmAttempt { Deployment = "claude", Provider = "anthropic", Error = LlmErrorClass.RateLimited }, new LlmAttempt { Deployment = "openai/gpt-4o-mini", Provider = "openai" }],
        });

        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Provider, "anthropic"), BudgetUnit.Usd), Is.EqualTo(1m));
        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Provider, "anthropic"), BudgetUnit.Requests), Is.EqualTo(1));
        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Provider, "anthropic"), BudgetUnit.Tokens), Is.EqualTo(120));
        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Tenant, "acme"), BudgetUnit.Usd), Is.EqualTo(3.000027m));
        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Tenant, "acme"), BudgetUnit.Requests), Is.EqualTo(3));
    }

    [Test]
    public async Task Deployment_that_is_configured_no_more_may_have_been_any_models()
    {
        _store.Append(SampleRecords.Mix(1, 200, Day, TimeSpan.FromHours(1)).First(record => record is { Outcome: "success", Model: "claude-haiku-4-5", PriceStatus: PriceStatus.Exact }));

        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.Model, "whatever"), BudgetUnit.Requests), Is.EqualTo(1));
    }

    [Test]
    public void Unknown_price_is_not_zero()
    {
        _store.Append(new UsageRecord { RequestId = "r", StartedAt = Day, Outcome = "success", PriceStatus = PriceStatus.Unknown });

        Assert.That(
            async () => await UsedAsync(new BudgetScope(BudgetScopeKind.Organization, "all"), BudgetUnit.Usd),
            Throws.InvalidOperationException.With.Message.Contains("1 requests under the budget 'org:all' have no known price"));
    }

    [Test]
    public async Task Name_that_was_cut_counts_what_all_names_used()
    {
        Keep(new() { TenantId = "acme", UserId = new string('x', 300) });

        Assert.That(await UsedAsync(new BudgetScope(BudgetScopeKind.User, new string('x', 256), "acme"), BudgetUnit.Requests), Is.EqualTo(1));
    }

    [Test]
    public async Task Calls_under_way_are_in_no_record()
    {
        Keep(new());
        BudgetLimit limit = new(new BudgetScope(BudgetScopeKind.Organization, "all"), 5, BudgetWindow.Total) { Unit = BudgetUnit.Concurrency };
        IBudgetHistory history = _services.GetRequiredService<IBudgetHistory>();

        Assert.That(await history.GetUsedAsync(limit, Period, CancellationToken.None), Is.Zero);
        Assert.That(await history.GetUsedAsync(limit with { Unit = BudgetUnit.Requests }, new BudgetPeriod(Day, Day), CancellationToken.None), Is.Zero);
        Assert.That(await history.GetUsedAsync(limit with { Unit = BudgetUnit.Requests }, new BudgetPeriod(DateTimeOffset.MinValue, Period.End), CancellationToken.None), Is.EqualTo(1));
    }

    private ValueTask<decimal> UsedAsync(BudgetScope scope, BudgetUnit unit) =>
        _services.GetRequiredService<IBudgetHistory>().GetUsedAsync(new BudgetLimit(scope, 100, BudgetWindow.Total) { Unit = unit }, Period, CancellationToken.None);

    private void Keep(LlmRequestContext context, DateTimeOffset? at = null) => _store.Append(SampleRecords.Answered(at ?? Day.AddHours(3), context: context));
}
