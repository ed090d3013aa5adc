using System.Globalization;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Integration.Tests.Chaos;

/// <summary>Reads the history of a run and names every promise that it breaks.</summary>
/// <param name="outcomes">What the callers saw.</param>
/// <param name="calls">What the provider saw.</param>
internal sealed class HistoryChecker(IReadOnlyList<Outcome> outcomes, IReadOnlyList<ProviderCall> calls)
{
    private readonly Dictionary<int, ProviderCall> _calls = calls.ToDictionary(call => call.Id);

    /// <summary>Nothing that operators see has a key or a prompt in it.</summary>
    public static IEnumerable<string> Leaked(string seen, params string[] secrets) => secrets.Where(secret => seen.Contains(secret, StringComparison.Ordinal));

    /// <summary>Nothing is under way when everybody has gone.</summary>
    public static IEnumerable<string> Unfinished(IEnumerable<HealthStatus> statuses) =>
        statuses.Where(status => status.InFlight > 0).Select(status => $"{status.Name} has {status.InFlight} calls under way");

    /// <summary>No budget is over its limit, and none is held for a call that has ended.</summary>
    public static IEnumerable<string> Overspent(IEnumerable<BudgetUsage> budgets) => budgets
        .Where(budget => budget.Used + budget.Held > budget.Limit.Amount || budget.Held != 0)
        .Select(budget => string.Create(CultureInfo.InvariantCulture, $"{budget.Limit}: used {budget.Used}, held {budget.Held}"));

    /// <summary>What a tenant's budget has used is what its requests cost, attempt by attempt.</summary>
    public IEnumerable<string> Miscounted(IEnumerable<BudgetUsage> budgets) =>
        from budget in budgets
        let charged = outcomes
            .Where(o => budget.Limit.Scope.Kind is BudgetScopeKind.Organization || o.Tenant == budget.Limit.Scope.Name)
            .Where(o => o.Failure is not OperationCanceledException)
            .Sum(o => o.Attempts.Sum(a => a.Cost.Usd))
        let cancelled = outcomes.Any(o => o.Failure is OperationCanceledException)
        where cancelled ? budget.Used < charged : budget.Used != charged
        select string.Create(CultureInfo.InvariantCulture, $"{budget.Limit.Scope} used {budget.Used} USD, its requests cost {charged} USD");

    /// <summary>A request ends once, with a whole answer of one call, or with a failure and the beginning of one.</summary>
    public IEnumerable<string> Mixed()
    {
        foreach (Outcome outcome in outcomes)
        {
            string? violation = null;
            try
            {
                (int Call, bool IsWhole)? read = Passage.Read(outcome.Text, outcome.Question);
                violation = outcome.Failure is null && read is not { IsWhole: true } ? $"'{outcome.Question}' ended well with '{outcome.Text}'" : null;
            }
            catch (FormatException e)
            {
                violation = e.Message;
            }

            if (violation is not null)
            {
                yield return violation;
            }
        }
    }

    /// <summary>Nobody gets an answer that names another tenant, or that the provider never finished, the cache's included.</summary>
    public IEnumerable<string> Foreign() =>
        from outcome in outcomes
        where outcome.Failure is null
        let call = _calls[Passage.Read(outcome.Text, outcome.Question)!.Value.Call]
        where call.Fault is not Fault.None || call.Question != outcome.Question || !outcome.Question.Contains(outcome.Tenant, StringComparison.Ordinal)
        select $"{outcome.Tenant} got the answer to '{call.Question}', {call.Fault}";

    /// <summary>An answered request is charged what the provider bills for its answer; a hit is free.</summary>
    public IEnumerable<string> Misbilled() =>
        from outcome in outcomes
        where outcome.Failure is null
        let receipt = outcome.Receipt!
        let call = _calls[Passage.Read(outcome.Text, outcome.Question)!.Value.Call]
        let isFree = receipt.Cache is not (CacheOutcome.Miss or CacheOutcome.Bypassed)
        where isFree
            ? receipt.Cost.Usd != 0 || receipt.Attempts.Count != 0
            : receipt.Tokens.TotalInput != call.InputTokens || receipt.Tokens.TotalOutput != call.OutputTokens || !receipt.Attempts[^1].Cost.IsExact
        select $"'{outcome.Question}' was charged {receipt.Cost} for {receipt.Tokens}; the provider counted {call.InputTokens} + {call.OutputTokens}";

    /// <summary>A failed call is charged at least what the provider may have worked on.</summary>
    public IEnumerable<string> Unpaid() =>
        from outcome in outcomes
        from attempt in outcome.Attempts
        where attempt.Error is LlmErrorClass.StreamTruncated && attempt.Cost.Usd == 0
        select $"a broken answer to '{outcome.Question}' was free";

    /// <summary>Every call that the provider saw is somebody's attempt, but those of callers who gave up, and those that a kept connection lost and the transport sent again.</summary>
    public IEnumerable<string> Uncounted()
    {
        int attempts = outcomes.Sum(o => o.Attempts.Count);
        string[] given = [.. outcomes.Where(o => o.Failure is OperationCanceledException).Select(o => o.Question)];
        int resent = calls.Count(call => call.Fault is Fault.Reset);
        int failedBefore = calls.Count(call => call.Fault is not (Fault.None or Fault.Reset) && given.Contains(call.Question));
        if (attempts > calls.Count || attempts + given.Length + resent + failedBefore < calls.Count)
        {
            yield return $"{calls.Count} calls reached the provider; {attempts} attempts are accounted for, {given.Length} callers gave up, {resent} may have been sent again";
        }
    }

    /// <summary>Nobody waits for longer than the request's deadline, but for what a busy machine takes to say so.</summary>
    public IEnumerable<string> Overdue(TimeSpan deadline, TimeSpan grace) =>
        outcomes.Where(o => o.Took > deadline + grace).Select(o => $"'{o.Question}' took {o.Took} of {deadline}");

    /// <summary>Failures don't multiply the traffic.</summary>
    public IEnumerable<string> Amplified()
    {
        int sent = outcomes.Count(o => o.Receipt?.Cache is null or CacheOutcome.Miss);
        if (calls.Count > 1.2 * sent)
        {
            yield return $"{calls.Count} calls for {sent} requests";
        }
    }
}
