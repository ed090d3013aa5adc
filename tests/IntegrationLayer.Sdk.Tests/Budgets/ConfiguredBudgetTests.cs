using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.TestSupport.Budgets;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Budgets;

internal sealed class ConfiguredBudgetTests
{
    private static readonly LlmRequestContext Jo = new() { TenantId = "acme", TeamId = "search", UserId = "jo", KeyId = "k1", Operation = "chat", Tags = new Dictionary<string, string> { ["project"] = "apollo" } };

    private static IEnumerable<TestCaseData<BudgetLimitOptions, string>> Mistakes()
    {
        yield return new(new() { Amount = 1, Per = BudgetWindowKind.Day }, ":0:Scope is ''");
        yield return new(new() { Scope = "group:x", Amount = 1, Per = BudgetWindowKind.Day }, "The kinds are org");
        yield return new(new() { Scope = "org:all", Per = BudgetWindowKind.Day }, "Amount is missing");
        yield return new(new() { Scope = "org:all", Amount = -1, Per = BudgetWindowKind.Day }, "Amount is -1; set it from 0 to 9000000000");
        yield return new(new() { Scope = "org:all", Amount = 1.5m, Unit = BudgetUnit.Tokens, Per = BudgetWindowKind.Day }, "whole numbers");
        yield return new(new() { Scope = "org:all", Amount = 1, Unit = (BudgetUnit)9, Per = BudgetWindowKind.Day }, "Unit is 9");
        yield return new(new() { Scope = "org:all", Amount = 1 }, "Per is missing; set it to Total, Rolling");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Rolling }, "rolling window of 00:00:00");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Day, Length = TimeSpan.FromHours(1) }, "Length is 01:00:00, which a window per Day doesn't take");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Total, TimeZone = "UTC" }, "TimeZone is UTC, which a window per Total doesn't take");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Day, TimeZone = "Mars/Olympus" }, "TimeZone is 'Mars/Olympus'");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Month, StartDay = 31 }, "day 31");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Month, StartMonth = 2 }, "StartMonth is 2");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Day, StartDayOfWeek = DayOfWeek.Sunday }, "StartDayOfWeek is Sunday");
        yield return new(new() { Scope = "org:all", Amount = 1, Unit = BudgetUnit.Concurrency, Per = BudgetWindowKind.Day }, "Per is Day, but Concurrency");
        yield return new(new() { Scope = "org:all", Amount = 1, Per = BudgetWindowKind.Day, Thresholds = { 80, 50 } }, "Thresholds is 80, 50");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_is_told_with_place_value_and_cure(BudgetLimitOptions limit, string message)
    {
        List<string> problems = [];
        Assert.That(BudgetLimitReader.ReadAll([limit], "Limits", problems.Add), Is.Empty);
        Assert.That(problems, Has.Some.Contains(message).And.All.StartsWith("Limits:0:"));
    }

    [TestCase("Limits:0:Amount", "NaN", "Limits:0:Amount is 'NaN'")]
    [TestCase("Limits:0:Amount", "-Infinity", "Limits:0:Amount is '-Infinity'")]
    [TestCase("Limits:0:Amount", "-3", "Limits:0:Amount is -3; set it from 0")]
    [TestCase("Limits:0:Thresholds:0", "0", "Limits:0:Thresholds is 0; list percentages")]
    [TestCase("WhenShort", "Perhaps", "WhenShort is 'Perhaps'")]
    [TestCase("WhenShort", "9", "WhenShort")]
    [TestCase("MinOutputTokens", "0", "MinOutputTokens is 0; set it from 1 to 10000000")]
    [TestCase("MinOutputTokens", "many", "MinOutputTokens is 'many'")]
    public async Task Mistake_in_the_configuration_stops_the_start(string setting, string value, string message)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IntegrationLayer:Portkey:ApiKey"] = "key",
            ["IntegrationLayer:Accounts:openai:Provider"] = "openai",
            ["IntegrationLayer:Accounts:openai:PortkeyProvider"] = "openai-prod",
            ["IntegrationLayer:Accounts:openai:Models:0"] = "gpt-4o-mini",
            ["IntegrationLayer:Budgets:Limits:0:Scope"] = "tenant:*",
            ["IntegrationLayer:Budgets:Limits:0:Amount"] = "5",
            ["IntegrationLayer:Budgets:Limits:0:Per"] = "Day",
            [$"IntegrationLayer:Budgets:{setting}"] = value,
        }).Build();
        ServiceCollection services = new();
        services.AddIntegrationLayer(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<ILlmClient>(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains($"IntegrationLayer:Budgets:{message}"));
    }

    [Test]
    public void Limits_that_contradict_are_told()
    {
        List<string> problems = [];
        BudgetLimitOptions hard = new() { Scope = "org:all", Amount = 10, Per = BudgetWindowKind.Day };
        BudgetLimitOptions again = new() { Scope = "org:all", Amount = 20, Per = BudgetWindowKind.Day };
        BudgetLimitOptions soft = new() { Scope = "org:all", Amount = 15, Per = BudgetWindowKind.Day, Soft = true };
        BudgetLimitReader.ReadAll([hard, again, soft], "Limits", problems.Add);

        Assert.That(problems, Has.Some.Contains("10 and 20 USD for the same time"));
        Assert.That(problems, Has.Some.Contains("soft limit").And.Some.Contains("never be reached"));
    }

    [TestCase("org:all", "org:all")]
    [TestCase("tenant:*", "tenant:acme")]
    [TestCase("tenant:acme", "tenant:acme")]
    [TestCase("tenant:other", null)]
    [TestCase("team:*", "team:acme/search")]
    [TestCase("user:jo", "user:acme/jo")]
    [TestCase("user:al", null)]
    [TestCase("key:*", "key:acme/k1")]
    [TestCase("operation:chat", "operation:chat")]
    [TestCase("operation:sum", null)]
    [TestCase("tag:project=apollo", "tag:project=apollo")]
    [TestCase("tag:project=*", "tag:project=apollo")]
    [TestCase("tag:stage=*", "tag:stage=(none)")]
    [TestCase("tag:stage=beta", null)]
    [TestCase("model:gpt-4o", "model:gpt-4o")]
    [TestCase("provider:*", "provider:*")]
    public void Limit_covers_the_requests_of_its_scope(string scope, string? covering)
    {
        Assert.That(BudgetScope.TryParse(scope, out BudgetScope parsed, out _));
        BudgetPlan plan = new([new BudgetLimit(parsed, 1, BudgetWindow.Day())]);

        Assert.That(plan.LimitsOf(Jo).Select(l => l.Scope.ToString()), Is.EqualTo(covering is null ? Array.Empty<string>() : [covering]));
    }

    [Test]
    public void Request_without_a_name_doesnt_escape_a_budget_for_each()
    {
        BudgetPlan plan = new([new BudgetLimit(new BudgetScope(BudgetScopeKind.User, "*"), 1, BudgetWindow.Day())]);

        Assert.That(plan.LimitsOf(LlmRequestContext.Default).Single().Scope.Name, Is.EqualTo("(none)"));
        Assert.That(plan.LimitsOf(Jo with { UserId = new string('x', 1_000) }).Single().Scope.Name, Has.Length.EqualTo(256));
    }

    [Test]
    public void Same_limit_is_given_each_time()
    {
        BudgetPlan plan = new([new BudgetLimit(new BudgetScope(BudgetScopeKind.User, "*"), 1, BudgetWindow.Day())]);

        BudgetLimit first = plan.LimitsOf(Jo)[0];
        BudgetLimit second = plan.LimitsOf(Jo)[0];
        Assert.That(second, Is.SameAs(first));
    }

    [Test]
    public async Task Configured_limit_denies_and_settles_tokens_and_money()
    {
        await using PipelineHost host = new(o =>
        {
            o.MaxAttempts = 1;
            o.Budgets.Limits.Add(new() { Scope = "user:*", Amount = 1, Unit = BudgetUnit.Requests, Per = BudgetWindowKind.Day });
            o.Budgets.Limits.Add(new() { Scope = "provider:*", Amount = 1, Per = BudgetWindowKind.Month, TimeZone = "Europe/Berlin" });
        });
        LlmRequest request = new("hello") { Context = Jo };
        await host.Client.GetResponseAsync(request);

        BudgetExceededException e = await Expect.ThrowsAsync<BudgetExceededException>(() => host.Client.GetResponseAsync(request));
        (decimal used, decimal held) = await host.Get<IBudgetLedger>().UsageOfAsync(new BudgetLimit(new BudgetScope(BudgetScopeKind.Provider, "openai"), 1, BudgetWindow.Month(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))));

        Assert.That(e.Scope!.Value.ToString(), Is.EqualTo("user:acme/jo"));
        Assert.That((used > 0, held), Is.EqualTo((true, 0m)));
    }

    [Test]
    public void Configured_mistakes_stop_the_start()
    {
        Assert.That(
            () => new PipelineHost(o => o.Budgets.Limits.Add(new() { Scope = "org:all", Amount = -5, Per = BudgetWindowKind.Day })).Client,
            Throws.InstanceOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains("IntegrationLayer:Budgets:Limits:0:Amount is -5"));
    }
}
