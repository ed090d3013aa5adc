using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Telemetry;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Every setting that the section <c>IntegrationLayer</c> may hold. Written out, since reflection would not survive trimming; a test keeps it equal to the options.</summary>
internal static class KnownSettings
{
    public static SettingShape PortkeyEndpoint { get; } = SettingShape.Of(new()
    {
        ["Address"] = SettingShape.Address,
        ["Name"] = SettingShape.Text,
        ["ApiKey"] = SettingShape.Text,
        ["Hosted"] = SettingShape.Flag,
    });

    public static SettingShape Portkey { get; } = SettingShape.Of(new()
    {
        ["Endpoint"] = SettingShape.Address,
        ["Endpoints"] = SettingShape.ListOf(PortkeyEndpoint),
        ["ApiKey"] = SettingShape.Text,
        ["StrictOpenAiCompliance"] = SettingShape.Flag,
        ["MaxResponseBytes"] = SettingShape.Integer,
        ["MaxEventBytes"] = SettingShape.Integer,
        ["MaxStreamBytes"] = SettingShape.Integer,
        ["ConnectTimeout"] = SettingShape.Duration,
        ["AllowTls12"] = SettingShape.Flag,
        ["Http2"] = SettingShape.Flag,
        ["Hosted"] = SettingShape.Flag,
    });

    public static SettingShape Account { get; } = SettingShape.Of(new()
    {
        ["Provider"] = SettingShape.Text,
        ["ApiKey"] = SettingShape.Text,
        ["PortkeyProvider"] = SettingShape.Text,
        ["VirtualKey"] = SettingShape.Text,
        ["ConfigId"] = SettingShape.Text,
        ["CustomHost"] = SettingShape.Address,
        ["Models"] = SettingShape.ListOf(SettingShape.Text),
        ["Regions"] = SettingShape.ListOf(SettingShape.Text),
        ["Headers"] = SettingShape.NamesOf(SettingShape.Text),
    });

    public static SettingShape Deployment { get; } = SettingShape.Of(new()
    {
        ["Name"] = SettingShape.Text,
        ["Account"] = SettingShape.Text,
        ["Model"] = SettingShape.Text,
        ["ModelId"] = SettingShape.Text,
        ["Kind"] = SettingShape.Choice<ModelKind>(),
        ["InputPrice"] = SettingShape.Amount,
        ["OutputPrice"] = SettingShape.Amount,
        ["CacheReadPrice"] = SettingShape.Amount,
        ["CacheWritePrice"] = SettingShape.Amount,
        ["RequestPrice"] = SettingShape.Amount,
        ["SearchPrice"] = SettingShape.Amount,
        ["ContextTokens"] = SettingShape.Integer,
        ["MaxOutputTokens"] = SettingShape.Integer,
        ["Capabilities"] = SettingShape.Choice<ModelCapabilities>(),
        ["Regions"] = SettingShape.ListOf(SettingShape.Text),
        ["Quality"] = SettingShape.Number,
        ["Weight"] = SettingShape.Number,
        ["Priority"] = SettingShape.Integer,
        ["MaxConcurrency"] = SettingShape.Integer,
        ["AttemptTimeout"] = SettingShape.Duration,
        ["FirstTokenTimeout"] = SettingShape.Duration,
        ["StallTimeout"] = SettingShape.Duration,
    });

    public static SettingShape LoadBalancing { get; } = SettingShape.Of(new()
    {
        ["FirstTokenSeed"] = SettingShape.Duration,
        ["TokenSeed"] = SettingShape.Duration,
        ["Memory"] = SettingShape.Duration,
        ["MaxPenalty"] = SettingShape.Duration,
        ["PromptCacheAffinity"] = SettingShape.Flag,
        ["MaxAffinityLoad"] = SettingShape.Number,
        ["MinAffinityCalls"] = SettingShape.Integer,
    });

    public static SettingShape Health { get; } = SettingShape.Of(new()
    {
        ["Window"] = SettingShape.Duration,
        ["MinimumCalls"] = SettingShape.Integer,
        ["OpenRatio"] = SettingShape.Number,
        ["ConsecutiveFailures"] = SettingShape.Integer,
        ["ConsecutiveTruncations"] = SettingShape.Integer,
        ["DegradedRatio"] = SettingShape.Number,
        ["DegradedShare"] = SettingShape.Number,
        ["Pause"] = SettingShape.Duration,
        ["MaxPause"] = SettingShape.Duration,
        ["Jitter"] = SettingShape.Number,
        ["TrialCalls"] = SettingShape.Integer,
        ["RecoveryShares"] = SettingShape.ListOf(SettingShape.Number),
        ["RecoveryStep"] = SettingShape.Duration,
        ["RecoveryStepCalls"] = SettingShape.Integer,
        ["Forgiveness"] = SettingShape.Duration,
        ["MinRateLimitRest"] = SettingShape.Duration,
        ["RateLimitRest"] = SettingShape.Duration,
        ["MaxRateLimitRest"] = SettingShape.Duration,
        ["QuotaRest"] = SettingShape.Duration,
        ["MaxQuotaRest"] = SettingShape.Duration,
        ["CredentialRest"] = SettingShape.Duration,
        ["MinTimeout"] = SettingShape.Duration,
    });

    public static SettingShape Timeouts { get; } = SettingShape.Of(new()
    {
        ["Attempt"] = SettingShape.Duration,
        ["FirstToken"] = SettingShape.Duration,
        ["ReasoningFirstToken"] = SettingShape.Duration,
        ["Stall"] = SettingShape.Duration,
        ["Consumer"] = SettingShape.Duration,
        ["MinCharactersPerSecond"] = SettingShape.Integer,
    });

    public static SettingShape GatewayPool { get; } = SettingShape.Of(new()
    {
        ["MaxConcurrentCalls"] = SettingShape.Integer,
        ["MaxQueuedCalls"] = SettingShape.Integer,
        ["Health"] = Health,
    });

    public static SettingShape Retries { get; } = SettingShape.Of(new()
    {
        ["MaxReplays"] = SettingShape.Integer,
        ["BaseDelay"] = SettingShape.Duration,
        ["MaxDelay"] = SettingShape.Duration,
        ["MaxRetryAfter"] = SettingShape.Duration,
        ["BudgetRatio"] = SettingShape.Number,
        ["BudgetPerSecond"] = SettingShape.Integer,
    });

    public static SettingShape Hedging { get; } = SettingShape.Of(new()
    {
        ["Enabled"] = SettingShape.Flag,
        ["Delay"] = SettingShape.Duration,
        ["MaxShare"] = SettingShape.Number,
    });

    public static SettingShape Resilience { get; } = SettingShape.Of(new()
    {
        ["Health"] = Health,
        ["AllUnavailable"] = SettingShape.Choice<AllUnavailablePolicy>(),
        ["MaxWaitShare"] = SettingShape.Number,
        ["MaxWait"] = SettingShape.Duration,
        ["Timeouts"] = Timeouts,
        ["Gateways"] = GatewayPool,
        ["Retries"] = Retries,
        ["Hedging"] = Hedging,
    });

    public static SettingShape Usage { get; } = SettingShape.Of(new() { ["RecordsInMemory"] = SettingShape.Integer });

    public static SettingShape Telemetry { get; } = SettingShape.Of(new()
    {
        ["Level"] = SettingShape.Choice<TelemetryLevel>(),
        ["UseLatestConventions"] = SettingShape.Flag,
        ["CaptureContent"] = SettingShape.Flag,
        ["Tenants"] = SettingShape.ListOf(SettingShape.Text),
        ["Budgets"] = SettingShape.ListOf(SettingShape.Text),
    });

    public static SettingShape BudgetLimit { get; } = SettingShape.Of(new()
    {
        ["Scope"] = SettingShape.Text,
        ["Amount"] = SettingShape.Amount,
        ["Unit"] = SettingShape.Choice<BudgetUnit>(),
        ["Per"] = SettingShape.Choice<BudgetWindowKind>(),
        ["Length"] = SettingShape.Duration,
        ["TimeZone"] = SettingShape.Text,
        ["StartDay"] = SettingShape.Integer,
        ["StartMonth"] = SettingShape.Integer,
        ["StartDayOfWeek"] = SettingShape.Choice<DayOfWeek>(),
        ["Soft"] = SettingShape.Flag,
        ["Thresholds"] = SettingShape.ListOf(SettingShape.Integer),
    });

    public static SettingShape Budgets { get; } = SettingShape.Of(new()
    {
        ["Limits"] = SettingShape.ListOf(BudgetLimit),
        ["WhenShort"] = SettingShape.Choice<BudgetShortagePolicy>(),
        ["MinOutputTokens"] = SettingShape.Integer,
    });

    public static SettingShape Root { get; } = SettingShape.Of(new()
    {
        ["Portkey"] = Portkey,
        ["Accounts"] = SettingShape.NamesOf(Account),
        ["Deployments"] = SettingShape.ListOf(Deployment),
        ["Aliases"] = SettingShape.NamesOf(SettingShape.ListOf(SettingShape.Text)),
        ["RegionGroups"] = SettingShape.NamesOf(SettingShape.ListOf(SettingShape.Text)),
        ["RoutingPolicy"] = SettingShape.Text,
        ["MaxAttempts"] = SettingShape.Integer,
        ["Timeout"] = SettingShape.Duration,
        ["UnknownPrices"] = SettingShape.Choice<UnknownPricePolicy>(),
        ["DefaultMaxOutputTokens"] = SettingShape.Integer,
        ["CatalogueFile"] = SettingShape.Text,
        ["PromptCaching"] = SettingShape.Choice<PromptCachingMode>(),
        ["LoadBalancing"] = LoadBalancing,
        ["Resilience"] = Resilience,
        ["Budgets"] = Budgets,
        ["ReferenceModel"] = SettingShape.Text,
        ["Usage"] = Usage,
        ["Telemetry"] = Telemetry,
    });
}
