namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes that only the level Full has. Each is made once.</summary>
internal sealed class DetailTags
{
    private static readonly string[] ScopeKinds = ["organization", "tenant", "team", "user", "key", "model", "provider", "operation", "tag"];
    private static readonly string[] FinishReasons = ["stop", "length", "tool_calls", "content_filter", "error"];

    private readonly ValueGuard _policies = new(Attributes.Policy.Maximum);
    private readonly ValueGuard _accounts = new(Attributes.Account.Maximum);
    private readonly ValueGuard _statuses = new(Attributes.Status.Maximum);
    private readonly ValueGuard _gatewayCaches = new(Attributes.GatewayCache.Maximum);
    private readonly ValueGuard _budgets = new(Attributes.BudgetName.Maximum);
    private readonly TagSets<(string First, string? Second)> _stages = Pairs(Attributes.Stage, Attributes.Result);
    private readonly TagSets<(string First, string? Second)> _writes = Pairs(Attributes.CacheLevel, Attributes.Result);
    private readonly TagSets<(string First, string? Second)> _decisions = Pairs(Attributes.ScopeKind, Attributes.BudgetDecision);
    private readonly TagSets<(string First, string? Second)> _limits = Pairs(Attributes.LimitKind, Attributes.BudgetDecision);
    private readonly TagSets<(string First, string? Second)> _left = Pairs(Attributes.Account, Attributes.LimitKind);
    private readonly TagSets<(string First, string? Second)> _uses = Pairs(Attributes.Account, Attributes.Slot);
    private readonly TagSets<(string First, string? Second)> _responses = Pairs(Attributes.Status, Attributes.GatewayCache);
    private readonly TagSets<(string First, string? Second)> _attempts = Pairs(Attributes.Target, Attributes.Error);
    private readonly TagSets<(string First, string? Second)> _single = new(static key => (key.First, AttributeSpec.Other), static key => [new(key.First, key.Second)]);
    private readonly TagSets<(string Policy, string Target, string Reason)> _routes = new(
        static key => (AttributeSpec.Other, AttributeSpec.Other, key.Reason),
        static key => [new(Attributes.Policy.Name, key.Policy), new(Attributes.Target.Name, key.Target), new(Attributes.RouteReason.Name, key.Reason)]);

    /// <summary>Gets why a model stopped, as one of few.</summary>
    public static string ReasonOf(string? finishReason) => Array.IndexOf(FinishReasons, finishReason) >= 0 ? finishReason! : AttributeSpec.Other;

    public KeyValuePair<string, object?>[] Stage(string stage, bool isWell) => _stages.Of((stage, Name(isWell)));

    public KeyValuePair<string, object?>[] Write(string level, bool isWell) => _writes.Of((level, Name(isWell)));

    public KeyValuePair<string, object?>[] Result(bool isWell) => _single.Of((Attributes.Result.Name, Name(isWell)));

    public KeyValuePair<string, object?>[] One(AttributeSpec attribute, string value) => _single.Of((attribute.Name, value));

    public KeyValuePair<string, object?>[] Decision(int scopeKind, bool isGranted) => _decisions.Of((ScopeKinds[scopeKind], isGranted ? "allow" : "deny"));

    public KeyValuePair<string, object?>[] Limit(string limit, bool isGranted) => _limits.Of((limit, isGranted ? "allow" : "deny"));

    public KeyValuePair<string, object?>[] Left(string account, string limit) => _left.Of((_accounts.Admit(account), limit));

    public KeyValuePair<string, object?>[] Credential(string account) => _uses.Of((_accounts.Admit(account), "current"));

    public KeyValuePair<string, object?>[] Account(string account) => One(Attributes.Account, _accounts.Admit(account));

    public KeyValuePair<string, object?>[] Policy(string? policy) => One(Attributes.Policy, _policies.Admit(policy));

    public KeyValuePair<string, object?>[] Budget(string name) => One(Attributes.BudgetName, _budgets.Admit(name));

    public KeyValuePair<string, object?>[] Response(int status, string? cache) =>
        _responses.Of((_statuses.Admit(status.ToString(System.Globalization.CultureInfo.InvariantCulture)), _gatewayCaches.Admit(cache ?? "none")));

    public KeyValuePair<string, object?>[] Attempt(string target, string? error) => _attempts.Of((target, error));

    public KeyValuePair<string, object?>[] Route(string? policy, string target, string reason) => _routes.Of((_policies.Admit(policy), target, reason));

    private static string Name(bool isWell) => isWell ? "success" : "error";

    private static TagSets<(string First, string? Second)> Pairs(AttributeSpec first, AttributeSpec second) => new(
        static key => (AttributeSpec.Other, key.Second),
        key => key.Second is null ? [new(first.Name, key.First)] : [new(first.Name, key.First), new(second.Name, key.Second)]);
}
