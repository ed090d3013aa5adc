using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RetryPlanTests
{
    private static readonly TimeSpan Left = TimeSpan.FromMinutes(2);
    private static readonly RankedDeployment First = Of("a/one", "a", 8_000);
    private static readonly RankedDeployment Sibling = Of("a/two", "a", 8_000);
    private static readonly RankedDeployment Other = Of("b/one", "b", 8_000);
    private static readonly RankedDeployment Large = Of("b/large", "b", 100_000);
    private static readonly RankedDeployment[] Others = [Sibling, Other, Large];

    private readonly FakeTimeProvider _time = new();
    private readonly IntegrationLayerOptions _options = new();
    private int _attempts;

    // The table: who is called next, of a sibling on the same account, another account's and a larger one.
    [TestCase(LlmErrorClass.RateLimited, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.ProviderUnavailable, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.GatewayFault, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.Network, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.Timeout, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.FirstTokenTimeout, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.StreamStalled, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.StreamTruncated, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.BadOutput, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.ModelNotFound, "a/two b/one b/large")]
    [TestCase(LlmErrorClass.Authentication, "b/one b/large")]
    [TestCase(LlmErrorClass.QuotaExhausted, "b/one b/large")]
    [TestCase(LlmErrorClass.ContextLength, "b/large")]
    [TestCase(LlmErrorClass.InvalidRequest, "")]
    [TestCase(LlmErrorClass.ContentPolicy, "")]
    [TestCase(LlmErrorClass.GuardrailDenied, "")]
    [TestCase(LlmErrorClass.TooLarge, "")]
    [TestCase(LlmErrorClass.GatewayUnavailable, "")]
    [TestCase(LlmErrorClass.Overloaded, "")]
    [TestCase(LlmErrorClass.Unknown, "")]
    public void Class_of_the_error_decides_who_is_called_next_and_at_once(LlmErrorClass error, string expected)
    {
        RetryDecision next = After(Plan(), Failure(error), First, Others);
        Assert.That(string.Join(' ', next.Standby.Select(s => s.Deployment.Name)), Is.EqualTo(expected));
        Assert.That(next.Delay, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(LlmErrorClass.ProviderUnavailable, true)]
    [TestCase(LlmErrorClass.RateLimited, true)]
    [TestCase(LlmErrorClass.Network, true)]
    [TestCase(LlmErrorClass.ModelNotFound, false)]
    [TestCase(LlmErrorClass.Authentication, false)]
    [TestCase(LlmErrorClass.QuotaExhausted, false)]
    [TestCase(LlmErrorClass.ContextLength, false)]
    public void Same_one_is_called_again_only_when_it_is_alone_and_the_failure_may_pass(LlmErrorClass error, bool isAgain)
    {
        RetryDecision next = After(Plan(), Failure(error), First, []);
        Assert.That(next.Standby, isAgain ? Is.EqualTo(new[] { First }) : Is.Empty);
    }

    [Test]
    public void Those_that_failed_are_called_again_in_turn_when_nobody_else_is_left()
    {
        RetryPlan plan = Plan();
        RetryDecision next = After(plan, Failure(LlmErrorClass.ProviderUnavailable), First, [Other]);
        next = After(plan, Failure(LlmErrorClass.ProviderUnavailable), Other, next.Standby.Skip(1));
        Assert.That(next.Standby, Is.EqualTo(new[] { First, Other }));
        next = After(plan, Failure(LlmErrorClass.ProviderUnavailable), First, next.Standby.Skip(1));
        Assert.That(next.Standby, Is.EqualTo(new[] { Other }));
        Assert.That(After(plan, Failure(LlmErrorClass.ProviderUnavailable), Other, []), Is.EqualTo(RetryDecision.Stop), "four calls were made");
    }

    [Test]
    public void What_rules_others_out_rules_out_those_that_failed_before()
    {
        RetryPlan plan = Plan();
        After(plan, Failure(LlmErrorClass.ProviderUnavailable), First, [Sibling]);
        Assert.That(After(plan, Failure(LlmErrorClass.Authentication), Sibling, []).Standby, Is.Empty, "the account of both is dead");
    }

    [Test]
    public void Waits_double_at_random_up_to_the_longest()
    {
        _options.MaxAttempts = 100;
        RetryPlan plan = Plan(random: new RandomSource(1));
        var waits = new List<double>();
        for (int i = 0; i < 12; i++)
        {
            waits.Add(After(plan, Failure(LlmErrorClass.ProviderUnavailable), First, []).Delay.TotalMilliseconds);
        }

        Assert.That(waits.Select((wait, i) => wait > 0 && wait <= Math.Min(5_000, 250 * Math.Pow(2, i))), Is.All.True);
        Assert.That(waits.Distinct().Count(), Is.EqualTo(waits.Count), "jitter");
        Assert.That(waits.Max(), Is.GreaterThan(1_000));
    }

    [TestCase(7, 120, 7)]
    [TestCase(61, 120, null)]
    [TestCase(59, 30, null)]
    [TestCase(null, 120, 1)]
    public void Time_to_wait_is_waited_out_only_alone_and_within_a_minute_and_the_deadline(int? retryAfter, int left, int? expected)
    {
        LlmException failure = new("429", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { RetryAfter = retryAfter is { } s ? TimeSpan.FromSeconds(s) : null };
        RetryDecision next = Plan().After(failure, First, [], attempts: 1, TimeSpan.FromSeconds(left), leftUsd: null);

        Assert.That(next.Standby.Count == 1, Is.EqualTo(expected is not null));
        if (expected is { } wait)
        {
            Assert.That(next.Delay.TotalSeconds, Is.InRange(wait, wait + 0.25), "with a little on top, so that not everybody comes back at once");
        }

        Assert.That(Plan().After(failure, First, [Other], attempts: 1, TimeSpan.FromSeconds(left), leftUsd: null).Delay, Is.EqualTo(TimeSpan.Zero), "others are called at once");
    }

    [Test]
    public void One_whose_time_is_still_to_come_stays_in_line()
    {
        RetryPlan plan = Plan();
        After(plan, new LlmException("429", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { RetryAfter = TimeSpan.FromSeconds(30) }, First, [Other]);
        Assert.That(After(plan, Failure(LlmErrorClass.ProviderUnavailable), Other, []).Standby, Is.EqualTo(new[] { Other }));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(After(plan, Failure(LlmErrorClass.ProviderUnavailable), Other, []).Standby, Is.EqualTo(new[] { First, Other }));
    }

    [Test]
    public void Call_that_may_be_billed_is_replayed_twice_at_most()
    {
        RetryPlan plan = Plan();
        LlmException ambiguous = new("reset", LlmErrorClass.Network, LlmErrorSource.Gateway) { MayBeBilled = true };
        Assert.That(After(plan, ambiguous, First, Others).Standby, Is.Not.Empty);
        Assert.That(After(plan, Failure(LlmErrorClass.ProviderUnavailable), Sibling, [Other, Large]).Standby, Is.Not.Empty, "an error is a clear answer");
        Assert.That(After(plan, ambiguous, Other, [Large]).Standby, Is.Not.Empty);
        _attempts = 0;
        Assert.That(After(plan, ambiguous, Large, [First]).Standby, Is.Empty, "whatever else may still be called");
    }

    [TestCase(LlmErrorClass.Network, null, false, true)]
    [TestCase(LlmErrorClass.RateLimited, 429, false, true)]
    [TestCase(LlmErrorClass.ProviderUnavailable, 503, false, true)]
    [TestCase(LlmErrorClass.ProviderUnavailable, 500, false, false)]
    [TestCase(LlmErrorClass.ProviderUnavailable, 502, false, false)]
    [TestCase(LlmErrorClass.Network, null, true, false)]
    public void Request_with_side_effects_is_sent_again_only_if_it_had_none(LlmErrorClass error, int? status, bool mayBeBilled, bool isSentAgain)
    {
        LlmException failure = new("no", error, LlmErrorSource.Provider) { StatusCode = status, MayBeBilled = mayBeBilled };
        Assert.That(After(Plan(new LlmRequest("hello") { HasSideEffects = true }), failure, First, Others).Standby.Count > 0, Is.EqualTo(isSentAgain));
        Assert.That(After(Plan(), failure, First, Others).Standby, Is.Not.Empty, "without side effects it is");
    }

    [Test]
    public void Nobody_dearer_than_what_is_left_is_called() => Assert.That(
        Plan().After(Failure(LlmErrorClass.ProviderUnavailable), First, Others, attempts: 1, Left, leftUsd: 0.5m).Standby, Is.Empty);

    [Test]
    public void Nobody_is_called_without_time_or_budget()
    {
        Assert.That(Plan().After(Failure(LlmErrorClass.ProviderUnavailable), First, Others, attempts: 1, TimeSpan.Zero, leftUsd: null).Standby, Is.Empty);
        _options.Resilience.Retries.BudgetPerSecond = 0;
        Assert.That(After(Plan(), Failure(LlmErrorClass.ProviderUnavailable), First, Others).Standby, Is.Empty);
    }

    private static RankedDeployment Of(string name, string account, int context) => new(
        new Deployment
        {
            Name = name,
            Account = Accounts.GetOrAdd(account, static a => new ProviderAccount { Name = a, Provider = "openai" }),
            Model = new ModelInfo { Provider = "openai", Model = name, ContextTokens = context },
            ModelId = name,
        },
        new LlmCost(1, PriceStatus.UpperBound),
        100);

    private static System.Collections.Concurrent.ConcurrentDictionary<string, ProviderAccount> Accounts => field ??= new();

    private static LlmException Failure(LlmErrorClass error) => new("it failed", error, LlmErrorSource.Provider);

    private RetryDecision After(RetryPlan plan, LlmException failure, RankedDeployment failed, IEnumerable<RankedDeployment> others) =>
        plan.After(failure, failed, others, ++_attempts, Left, leftUsd: null);

    private RetryPlan Plan(LlmRequest? request = null, RandomSource? random = null)
    {
        _attempts = 0;
        return new RetryPlan(request ?? new LlmRequest("hello"), _options, new RetryBudget(_time), random ?? new RandomSource(7), _time);
    }
}
