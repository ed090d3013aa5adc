using System.Globalization;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Rows 19 to 30 and 34: statuses, and answers that say something else than they should.</summary>
internal sealed class StatusFaultTests : FaultMatrixTest
{
    [Test]
    [Property("FaultMatrix", "19")]
    public Task Error_with_status_200_is_that_error([Values] bool isStreamed) =>
        TakesOverAsync(FakePortkeyError.ErrorInSuccess(), LlmErrorClass.ProviderUnavailable, mayBeBilled: true, isStreamed);

    private static IEnumerable<TestCaseData> Faulty()
    {
        yield return new TestCaseData(FakePortkeyError.Provider(400, "Unknown parameter", "invalid_request_error"), LlmErrorClass.InvalidRequest);
        yield return new TestCaseData(FakePortkeyError.Provider(413, "Too large"), LlmErrorClass.InvalidRequest);
        yield return new TestCaseData(FakePortkeyError.Provider(422, "Can't be processed"), LlmErrorClass.InvalidRequest);
    }

    [TestCaseSource(nameof(Faulty))]
    [Property("FaultMatrix", "20")]
    public async Task Request_at_fault_is_sent_once_and_says_nothing_about_health(FakePortkeyError error, LlmErrorClass expected)
    {
        Fake.OnChat(First).Fail(error);
        ServiceProvider sdk = Open();
        for (int i = 1; i <= 10; i++)
        {
            LlmException failure = await FailureOfAsync(sdk);
            Assert.That((failure.ErrorClass, failure.MayBeBilled, Fake.RequestCount), Is.EqualTo((expected, false, i)));
        }

        Assert.That(StatusOf(sdk, HealthKind.Deployment, First).State, Is.EqualTo(HealthState.Healthy));
        Assert.That(await BudgetOfAsync(sdk), Is.EqualTo((0m, 0m)));
    }

    [Test]
    [Property("FaultMatrix", "20")]
    public Task Unknown_model_is_tried_elsewhere() =>
        TakesOverAsync(FakePortkeyError.Provider(404, "The model does not exist", "invalid_request_error", "model_not_found"), LlmErrorClass.ModelNotFound, mayBeBilled: false, isStreamed: false);

    // A sibling on the refused credential is not called; another account is.
    [TestCase(401)]
    [TestCase(403)]
    [Property("FaultMatrix", "21")]
    public async Task Refused_credential_is_tried_on_another_account_and_rests(int status)
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Provider(status, "No"));
        Fake.OnChat("sibling").Reply("sibling");
        ServiceProvider sdk = Open(options =>
        {
            Add(options, "sibling", "openai", account: First).Priority = 1;
            options.MaxAttempts = 4;
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk);
        await AskAsync(sdk);

        Assert.That(text, Is.EqualTo(Second));
        Assert.That(receipt.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.Authentication, LlmErrorClass.None }));
        Assert.That(Fake.Requests.Select(request => request.Model), Is.EqualTo(new[] { First, Second, Second }), "a dead credential isn't tried again, by siblings neither");
        Assert.That(StatusOf(sdk, status == 401 ? HealthKind.Account : HealthKind.Deployment, First).State, Is.EqualTo(HealthState.Benched));
    }

    private static IEnumerable<FakePortkeyError> Spent() =>
        [FakePortkeyError.Provider(402, "Payment required"), FakePortkeyError.HostedBudgetExhausted(), FakePortkeyError.InsufficientQuota()];

    [TestCaseSource(nameof(Spent))]
    [Property("FaultMatrix", "22")]
    public async Task Account_without_money_is_passed_over_with_all_its_deployments(FakePortkeyError error)
    {
        Fake.OnChat(First).Fail(error);
        Fake.OnChat("sibling").Reply("sibling");
        ServiceProvider sdk = Open(options =>
        {
            Add(options, "sibling", "openai", account: First).Priority = 1;
            options.MaxAttempts = 4;
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That(text, Is.EqualTo(Second));
        Assert.That(receipt.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.QuotaExhausted, LlmErrorClass.None }));
        Assert.That(Fake.Requests.Select(request => request.Model), Is.EqualTo(new[] { First, Second }));
        Assert.That(StatusOf(sdk, HealthKind.Account, First).State, Is.EqualTo(HealthState.Benched));
    }

    [Test]
    [Property("FaultMatrix", "23")]
    public async Task Timeout_of_the_gateway_is_replayed_as_often_as_is_allowed_and_charged()
    {
        Fake.OnChat(First).Fail(FakePortkeyError.GatewayTimeout(TimeSpan.FromSeconds(1)));
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.MaxAttempts = 4;
            options.Resilience.Retries.MaxReplays = 1;
            options.Resilience.Retries.BaseDelay = TimeSpan.Zero;
        });

        LlmException failure = await FailureOfAsync(sdk);

        Assert.That(failure.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.Timeout, LlmErrorClass.Timeout }));
        Assert.That(failure.Attempts.Select(attempt => attempt.Cost.Usd), Is.All.Positive);
        Assert.That((await BudgetOfAsync(sdk)).Used, Is.EqualTo(failure.Attempts.Sum(attempt => attempt.Cost.Usd)));
    }

    [TestCase(409)]
    [Property("FaultMatrix", "24")]
    public Task Conflict_passes_with_the_next_try(int status) => PassesAsync(status);

    [TestCase(425)]
    [Property("FaultMatrix", "25")]
    public Task Too_early_passes_with_the_next_try(int status) => PassesAsync(status);

    private async Task PassesAsync(int status)
    {
        Fake.OnChat(First).Fail(FakePortkeyError.Provider(status, "Not now")).Then.Reply("now");
        ServiceProvider sdk = OpenAlone(options =>
        {
            options.MaxAttempts = 2;
            options.Resilience.Retries.BaseDelay = TimeSpan.FromMilliseconds(1);
        });

        (string text, LlmReceipt receipt) = await AskAsync(sdk);

        Assert.That(text, Is.EqualTo("now"));
        Assert.That(receipt.Attempts.Select(attempt => attempt.Error), Is.EqualTo(new[] { LlmErrorClass.ProviderUnavailable, LlmErrorClass.None }));
        Assert.That(receipt.Attempts[0].Cost.Usd, Is.Zero);
    }

    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);

    // What the header says, and for how many seconds the deployment is left alone; at least one, and five where nothing can be read.
    private static IEnumerable<TestCaseData> Waits()
    {
        yield return new TestCaseData("Retry-After", "7", 7.0);
        yield return new TestCaseData("Retry-After", "0", 1.0);
        yield return new TestCaseData("Retry-After", "-3", 1.0);
        yield return new TestCaseData("Retry-After", "soon", null);
        yield return new TestCaseData("Retry-After", Noon.AddSeconds(9).ToString("r", CultureInfo.InvariantCulture), 9.0);
        yield return new TestCaseData("Retry-After", Noon.AddSeconds(-9).ToString("r", CultureInfo.InvariantCulture), 1.0);
        yield return new TestCaseData("retry-after-ms", "2500", 2.5);
        yield return new TestCaseData("x-ratelimit-reset-requests", "11s", 11.0);
    }

    [TestCaseSource(nameof(Waits))]
    [Property("FaultMatrix", "26")]
    public async Task Rate_limited_deployment_is_left_alone_by_everybody_for_as_long_as_it_asked(string header, string value, double? seconds)
    {
        Fake.OnChat(First).Fail(FakePortkeyError.RateLimited().WithHeader(header, value).WithHeader("Date", Noon.ToString("r", CultureInfo.InvariantCulture))).Then.Reply("first");
        FakeTimeProvider time = new(Noon);
        ServiceProvider sdk = Open(clock: time);

        LlmReceipt turned = (await AskAsync(sdk)).Receipt;
        HealthStatus status = StatusOf(sdk, HealthKind.Deployment, First);
        (string Text, LlmReceipt Receipt)[] meanwhile = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(sdk)));
        time.Advance((status.Until!.Value - Noon) + TimeSpan.FromMilliseconds(1));
        (string after, _) = await AskAsync(sdk);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((turned.Deployment, turned.Attempts[0].Error, turned.Attempts[0].Cost.Usd), Is.EqualTo((Second, LlmErrorClass.RateLimited, 0m)));
            Assert.That(status.State, Is.EqualTo(HealthState.Cooling));
            double rested = (status.Until!.Value - Noon).TotalSeconds;
            Assert.That(rested, seconds is { } asked ? Is.EqualTo(asked).Within(0.01) : Is.InRange(4.0, 6.0));
            Assert.That(meanwhile.Select(answer => answer.Receipt.Attempts.Single().Deployment), Is.All.EqualTo(Second), "nobody bothers it meanwhile");
            Assert.That(after, Is.EqualTo(First));
        }
    }

    // Alone, it is waited for only as long as is sensible: not for thirty years.
    [Test]
    [Property("FaultMatrix", "26")]
    public async Task Time_to_wait_beyond_all_sense_is_not_waited_out()
    {
        Fake.OnChat(First).Fail(FakePortkeyError.RateLimited().WithHeader("Retry-After", "1000000000")).Then.Reply("never");

        LlmException failure = await FailureOfAsync(OpenAlone(options => options.MaxAttempts = 4));

        Assert.That((failure.ErrorClass, failure.Attempts.Count), Is.EqualTo((LlmErrorClass.RateLimited, 1)));
    }

    private static IEnumerable<TestCaseData> Down()
    {
        yield return new TestCaseData(FakePortkeyError.Provider(500, "x"), false);
        yield return new TestCaseData(FakePortkeyError.UpstreamHtml(502), true);
        yield return new TestCaseData(FakePortkeyError.Provider(503, "x"), false);
        yield return new TestCaseData(FakePortkeyError.ServiceUnavailable(TimeSpan.FromSeconds(3)), false);
        yield return new TestCaseData(FakePortkeyError.Provider(504, "x"), true);
        yield return new TestCaseData(FakePortkeyError.Overloaded(), false);
    }

    [TestCaseSource(nameof(Down))]
    [Property("FaultMatrix", "27")]
    public async Task Provider_that_is_down_is_replaced_and_after_five_failures_left_alone(FakePortkeyError error, bool mayBeBilled)
    {
        Fake.OnChat(First).Fail(error);
        ServiceProvider sdk = Open(clock: new FakeTimeProvider());
        List<LlmReceipt> receipts = [];
        for (int i = 0; i < 8; i++)
        {
            (string text, LlmReceipt receipt) = await AskAsync(sdk);
            Assert.That(text, Is.EqualTo(Second));
            receipts.Add(receipt);
        }

        Assert.That(receipts[0].Attempts[0].Error, Is.EqualTo(LlmErrorClass.ProviderUnavailable));
        Assert.That(receipts[0].Attempts[0].Cost.Usd > 0, Is.EqualTo(mayBeBilled));
        Assert.That(StatusOf(sdk, HealthKind.Deployment, First).State, Is.EqualTo(HealthState.Open));
        Assert.That(receipts[^1].Attempts, Has.Count.EqualTo(1), "it is no longer tried");
    }

    [Test]
    [Property("FaultMatrix", "28")]
    public async Task Objection_of_a_guardrail_marks_the_answer()
    {
        Fake.OnChat(First).Answer(FakePortkeyReply.Text("doubtful").WithGuardrailObjection()).Then.Reply("fine");
        ServiceProvider sdk = Open();
        LlmResponse doubtful = await ClientOf(sdk).GetResponseAsync("Who answers?");
        LlmResponse fine = await ClientOf(sdk).GetResponseAsync("Who answers?");

        Assert.That(doubtful.Text, Is.EqualTo("doubtful"));
        Assert.That(Marks(doubtful).Except(Marks(fine)), Is.Not.Empty, "it is marked, and a good one isn't");

        static IEnumerable<string> Marks(LlmResponse response) => response.Content.AdditionalProperties?.Keys ?? Enumerable.Empty<string>();
    }

    [Test]
    [Property("FaultMatrix", "28")]
    public async Task Denial_of_a_guardrail_is_not_bypassed()
    {
        Fake.OnChat(First).Fail(FakePortkeyError.GuardrailDenied()).Then.Reply("fine");
        ServiceProvider sdk = Open();

        LlmException failure = await FailureOfAsync(sdk);

        Assert.That((failure.ErrorClass, failure.Attempts.Count, Fake.RequestCount), Is.EqualTo((LlmErrorClass.GuardrailDenied, 1, 1)));
        Assert.That((await AskAsync(sdk)).Text, Is.EqualTo("fine"));
    }

    [Test]
    [Property("FaultMatrix", "29")]
    public async Task Interim_answers_are_passed_over()
    {
        Fake.OnChat(First).Answer(FakePortkeyWireFault.InterimAnswers(FakePortkeyReply.Text("after all")));
        Assert.That((await AskAsync(OpenAlone())).Text, Is.EqualTo("after all"));
    }

    [Test]
    [Property("FaultMatrix", "29")]
    public Task Success_without_content_is_no_answer() => TakesOverAsync(FakePortkeyError.NoContent(), LlmErrorClass.BadOutput, mayBeBilled: true, isStreamed: false);

    // The gateway never sends a part of an answer: what has status 206 is read as what it is.
    [Test]
    [Property("FaultMatrix", "29")]
    public Task Part_of_an_answer_is_no_answer() => TakesOverAsync(
        FakePortkeyError.Raw(206, """{"id":"c1","object":"chat.completion","cho"""), LlmErrorClass.BadOutput, mayBeBilled: true, isStreamed: false);

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    [Property("FaultMatrix", "29")]
    [Property("FaultMatrix", "30")]
    public async Task Redirect_is_not_followed_and_tells_the_other_host_nothing(int status)
    {
        FakePortkey other = new();
        other.Default.Reply("elsewhere");
        FakePortkeyServer elsewhere = Keep(await other.StartServerAsync());
        await using FaultProxy watched = FaultProxy.Start(elsewhere.BaseAddress);
        Fake.OnChat(First).Fail(FakePortkeyError.Redirect(new Uri(watched.Address, "chat/completions"), status));

        LlmException failure = await FailureOfAsync(OpenAlone());
        FaultProxyStatistics seen = watched.Statistics;
        (string control, _) = await AskAsync(OpenAlone(options => options.Portkey.Endpoint = watched.Address));

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GatewayFault));
        Assert.That((seen.Connections, seen.BytesUp), Is.EqualTo((0, 0L)));
        Assert.That(control, Is.EqualTo("elsewhere"), "it would have answered");
    }

    [Test]
    [Property("FaultMatrix", "34")]
    public async Task Answer_of_another_model_is_recorded_and_has_its_price()
    {
        Fake.OnChat("gpt-4o-mini").Answer(FakePortkeyReply.Text("hi").WithModel("gpt-4o").WithUsage(1_000, 1_000)).Then
            .Answer(FakePortkeyReply.Text("hi").WithModel("gpt-4o-mini").WithUsage(1_000, 1_000));
        ServiceProvider sdk = Open(options => options.Deployments.Clear(), builder => builder.Services.Configure<IntegrationLayerOptions>(
            options => options.Deployments.Add(new Models.DeploymentOptions { Account = First, Model = "gpt-4o-mini" })));

        await using IAsyncEnumerator<IntegrationEvent> mismatches = sdk.GetRequiredService<IIntegrationEvents>()
            .SubscribeAsync(new IntegrationEventFilter { Types = [IntegrationEventTypes.ModelMismatch, IntegrationEventTypes.RequestFinished] }).GetAsyncEnumerator();
        ValueTask<bool> told = mismatches.MoveNextAsync();
        LlmReceipt other = (await AskAsync(sdk)).Receipt;
        LlmReceipt same = (await AskAsync(sdk)).Receipt;

        Assert.That(other.ModelServed, Is.EqualTo("gpt-4o"));
        Assert.That(other.Cost.Usd, Is.GreaterThan(same.Cost.Usd * 10), "gpt-4o costs more than ten times as much");
        Assert.That((other.Cost.IsExact, same.Cost.IsExact), Is.EqualTo((true, true)));
        Assert.That(same.ModelServed, Is.Null.Or.EqualTo("gpt-4o-mini"));
        List<string> types = [];
        for (bool isThere = await told; isThere && types.Count < 3; isThere = types.Count < 3 && await mismatches.MoveNextAsync())
        {
            types.Add(mismatches.Current.Type);
        }

        Assert.That(types, Is.EqualTo([IntegrationEventTypes.ModelMismatch, IntegrationEventTypes.RequestFinished, IntegrationEventTypes.RequestFinished]));
    }
}
