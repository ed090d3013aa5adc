using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>The checker sees each broken promise in a forged history, and none in an honest one.</summary>
public sealed class HistoryCheckerTests
{
    private const string Question = "about acme";
    private static readonly LlmCost Price = new(0.5m, PriceStatus.Exact);
    private static readonly BudgetLimit Limit = new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 1m, BudgetWindow.Total);
    private static readonly ProviderCall Served = new(1, Question, "openai", Fault.None, 3, 2);
    private static readonly Outcome Honest = new("acme", Question, Passage.Piece(Question, 1, 0, 2) + Passage.Piece(Question, 1, 1, 2), Receipt(Price), null);

    [Test]
    public void Honest_history_breaks_no_promise() => Assert.That(
        Violations([Honest], [Served]).Concat(HistoryChecker.Overspent([new BudgetUsage(Limit, 0.5m, 0)])).Concat(new HistoryChecker([Honest], [Served]).Miscounted([new BudgetUsage(Limit, 0.5m, 0)])),
        Is.Empty);

    [Test]
    public void Overspent_and_leaked_budgets_are_seen() => Assert.That(
        HistoryChecker.Overspent([new BudgetUsage(Limit, 1.1m, 0), new BudgetUsage(Limit, 0.1m, 0.1m)]).Count(), Is.EqualTo(2));

    [Test]
    public void Miscounted_budget_is_seen() => Assert.That(new HistoryChecker([Honest], [Served]).Miscounted([new BudgetUsage(Limit, 0.4m, 0)]), Is.Not.Empty);

    [Test]
    public void Answer_mixed_of_two_calls_is_seen() => Assert.That(
        new HistoryChecker([Honest with { Text = Passage.Piece(Question, 1, 0, 2) + Passage.Piece(Question, 2, 1, 2) }], [Served]).Mixed(), Is.Not.Empty);

    [Test]
    public void Half_an_answer_that_ended_well_is_seen() => Assert.That(
        new HistoryChecker([Honest with { Text = Passage.Piece(Question, 1, 0, 2) }], [Served]).Mixed(), Is.Not.Empty);

    [Test]
    public void Answer_of_another_tenant_is_seen() => Assert.That(new HistoryChecker([Honest with { Tenant = "umbrella" }], [Served]).Foreign(), Is.Not.Empty);

    [Test]
    public void Answer_that_was_never_finished_is_seen() => Assert.That(new HistoryChecker([Honest], [Served with { Fault = Fault.CutShort }]).Foreign(), Is.Not.Empty);

    [Test]
    public void Wrong_bill_is_seen() => Assert.That(new HistoryChecker([Honest], [Served with { OutputTokens = 9 }]).Misbilled(), Is.Not.Empty);

    [Test]
    public void Hit_that_costs_is_seen() => Assert.That(
        new HistoryChecker([Honest with { Receipt = Receipt(Price) with { Cache = CacheOutcome.Hit } }], [Served]).Misbilled(), Is.Not.Empty);

    [Test]
    public void Broken_answer_for_free_is_seen() => Assert.That(
        new HistoryChecker([Honest with { Receipt = Receipt(LlmCost.None, LlmErrorClass.StreamTruncated) }], [Served]).Unpaid(), Is.Not.Empty);

    [Test]
    public void Call_that_nobody_accounts_for_is_seen() => Assert.That(new HistoryChecker([Honest], [Served, Served with { Id = 2 }]).Uncounted(), Is.Not.Empty);

    [Test]
    public void Traffic_that_multiplies_is_seen() => Assert.That(new HistoryChecker([Honest], [Served, Served with { Id = 2 }]).Amplified(), Is.Not.Empty);

    [Test]
    public void Secret_that_operators_see_is_seen() => Assert.That(HistoryChecker.Leaked("failed with sk-1", "sk-1", "sk-2"), Is.EqualTo(new[] { "sk-1" }));

    [Test]
    public void Call_that_never_ends_is_seen() => Assert.That(HistoryChecker.Unfinished([Status(1), Status(0)]).Count(), Is.EqualTo(1));

    [Test]
    public void Request_that_outlasts_its_deadline_is_seen()
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        HistoryChecker history = new([Honest with { Took = 3 * second }, Honest with { Took = 2 * second }], [Served]);
        Assert.That(history.Overdue(second, grace: second).Count(), Is.EqualTo(1));
    }

    private static HealthStatus Status(int inFlight) => new() { Kind = HealthKind.Deployment, Name = "openai/gpt-4o-mini", State = HealthState.Healthy, InFlight = inFlight };

    private static IEnumerable<string> Violations(Outcome[] outcomes, ProviderCall[] calls)
    {
        var history = new HistoryChecker(outcomes, calls);
        return [.. history.Mixed(), .. history.Foreign(), .. history.Misbilled(), .. history.Unpaid(), .. history.Uncounted(), .. history.Amplified()];
    }

    private static LlmReceipt Receipt(LlmCost cost, LlmErrorClass error = LlmErrorClass.None) => new()
    {
        RequestId = "1",
        Deployment = "openai/gpt-4o-mini",
        Provider = "openai",
        Model = "gpt-4o-mini",
        Cost = cost,
        Tokens = new TokenUsage { Input = 3, Output = 2 },
        Cache = CacheOutcome.Miss,
        Attempts = [new LlmAttempt { Deployment = "openai/gpt-4o-mini", Provider = "openai", Cost = cost, Error = error }],
    };
}
