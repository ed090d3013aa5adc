using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Every class of the SDK's taxonomy that the real gateway can lead to, as a provider or the gateway itself brings it about.</summary>
public sealed class ErrorClassTests : SdkTest
{
    public static IEnumerable<TestCaseData> Failures()
    {
        yield return Case("400", new ErrorBehavior(400, "no"), LlmErrorClass.InvalidRequest, 400);
        yield return Case("413", new ErrorBehavior(413, "no"), LlmErrorClass.InvalidRequest, 413);
        yield return Case("422", new ErrorBehavior(422, "no"), LlmErrorClass.InvalidRequest, 422);
        yield return Case("context by code", new ErrorBehavior(400, "no") { Code = "context_length_exceeded" }, LlmErrorClass.ContextLength, 400);
        yield return Case("context by text", new ErrorBehavior(400, "prompt is too long: 9 tokens > 8 maximum"), LlmErrorClass.ContextLength, 400);
        yield return Case("policy", new ErrorBehavior(400, "no") { Code = "content_policy_violation" }, LlmErrorClass.ContentPolicy, 400);
        yield return Case("401", new ErrorBehavior(401, "no") { Code = "invalid_api_key" }, LlmErrorClass.Authentication, 401);
        yield return Case("403", new ErrorBehavior(403, "no"), LlmErrorClass.Authentication, 403);
        yield return Case("404", new ErrorBehavior(404, "no") { Code = "model_not_found" }, LlmErrorClass.ModelNotFound, 404);
        yield return Case("402", new ErrorBehavior(402, "no"), LlmErrorClass.QuotaExhausted, 402);
        yield return Case("412", new ErrorBehavior(412, "no"), LlmErrorClass.QuotaExhausted, 412);
        yield return Case("429 for money", new ErrorBehavior(429, "no") { Code = "insufficient_quota" }, LlmErrorClass.QuotaExhausted, 429);
        yield return Case("429", new ErrorBehavior(429, "no"), LlmErrorClass.RateLimited, 429);
        yield return Case("500", new ErrorBehavior(500, "no"), LlmErrorClass.ProviderUnavailable, 500);
        yield return Case("503", new ErrorBehavior(503, "no"), LlmErrorClass.ProviderUnavailable, 503);
        yield return Case("529", new ErrorBehavior(529, "no"), LlmErrorClass.ProviderUnavailable, 529);
        yield return Case("408 of the provider", new ErrorBehavior(408, "no"), LlmErrorClass.Timeout, 408);
        yield return Case("error in 200", ProviderBehavior.SendsErrorWithSuccess(), LlmErrorClass.ProviderUnavailable, 200);
        yield return Case("no choices", ProviderBehavior.Sends(200, "application/json", """{"id":"1","object":"chat.completion","choices":[]}"""), LlmErrorClass.BadOutput, 200);
        yield return Case("broken json", ProviderBehavior.SendsBrokenJson(), LlmErrorClass.GatewayFault, 500, LlmErrorSource.Gateway);
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Failure_has_its_class(ProviderBehavior behavior, LlmErrorClass expected, int status, LlmErrorSource source)
    {
        Provider.Script(Main, behavior);

        LlmException failure = await FailureOfAsync(Open());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ErrorClass, Is.EqualTo(expected));
            Assert.That(failure.StatusCode, Is.EqualTo(status));
            Assert.That(failure.ErrorSource, Is.EqualTo(source));
            Assert.That(failure.Attempts.Single().Error, Is.EqualTo(expected));
            Assert.That(failure.TraceId, Is.Not.Empty);
        }
    }

    // Zero would mean to try again at once: the SDK takes it for 50 ms.
    [TestCase("7", 7_000)]
    [TestCase("0", 50)]
    public async Task Retry_after_is_reported(string header, int milliseconds)
    {
        Provider.Script(Main, ProviderBehavior.Fails(429, "slow down", header));

        LlmException failure = await FailureOfAsync(Open());

        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(failure.IsTransient, Is.True);
    }

    [Test]
    [Property("FaultMatrix", "28")]
    public async Task Guardrail_of_the_gateway_denies([Values] bool isStreamed)
    {
        SdkHost host = Open(options =>
        {
            Add(options, Main);
            Add(options, Standby);
            options.Accounts[Main].Headers["x-portkey-default-input-guardrails"] =
                """[{"default.contains":{"operator":"none","words":["forbidden"]},"deny":true}]""";
        });

        LlmException failure = await FailureOfAsync(host, Ask("Say the forbidden word"), isStreamed);
        (string text, _) = await host.AskAsync(Ask("Say another word"), isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.GuardrailDenied));
            Assert.That(failure.ErrorSource, Is.EqualTo(LlmErrorSource.Gateway));
            Assert.That(failure.StatusCode, Is.EqualTo(446));
            Assert.That(failure.MayBeBilled, Is.False, "The provider never saw it.");
            Assert.That(Provider.RequestsTo(Standby), Is.Empty, "A denial is not bypassed.");
            Assert.That(text, Is.EqualTo("Hello there"));
        }
    }

    [Test]
    public async Task Host_that_the_gateway_does_not_trust_is_explained()
    {
        LlmException failure = await FailureOfAsync(Open(options => Add(options, Main, host: new Uri("http://10.1.2.3/v1"))));

        Assert.That(failure.ErrorSource, Is.EqualTo(LlmErrorSource.Gateway));
        Assert.That(failure.Message, Does.Contain("TRUSTED_CUSTOM_HOSTS"));
    }

    // Another provider may offer what this one doesn't.
    [Test]
    public async Task Operation_that_a_provider_lacks_is_tried_elsewhere()
    {
        SdkHost host = Open(options =>
        {
            Add(options, Main, "anthropic").Kind = ModelKind.Embedding;
            Add(options, Standby).Kind = ModelKind.Embedding;
        });

        GeneratedEmbeddings<Embedding<float>> all = await host.Embeddings.GenerateAsync(["text"]);

        Assert.That(((LlmReceipt)all.AdditionalProperties![nameof(LlmReceipt)]!).Attempts.Select(a => (a.Deployment, a.Error)), Is.EqualTo(
            [(Main, LlmErrorClass.ModelNotFound), (Standby, LlmErrorClass.None)]));
    }

    [Test]
    public async Task Answer_beyond_the_limit_is_given_up()
    {
        Provider.Script(Main, ProviderBehavior.Says(new string('x', 4_000)));
        SdkHost limited = Open(options =>
        {
            options.Portkey.MaxResponseBytes = 2_048;
            Add(options, Main);
        });

        LlmException failure = await FailureOfAsync(limited);
        (string text, _) = await Open().AskAsync(Ask(), isStreamed: false);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.TooLarge));
        Assert.That(failure.Message, Does.Contain("2048").And.Contain("MaxResponseBytes"));
        Assert.That(text, Has.Length.EqualTo(4_000), "The same answer passes the default limit.");
    }

    [Test]
    public async Task Headers_beyond_the_sdks_limit_are_refused_before_anything_is_sent()
    {
        LlmException failure = await FailureOfAsync(OpenWithHeader(20_000));
        (string text, _) = await OpenWithHeader(10_000).AskAsync(Ask(), isStreamed: false);

        Assert.That((failure.ErrorClass, failure.ErrorSource), Is.EqualTo((LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk)));
        Assert.That(text, Is.EqualTo("Hello there"));
        Assert.That(Provider.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Headers_beyond_the_gateways_limit_are_explained()
    {
        await using PortkeyGateway small = await PortkeyGateway.StartNewAsync(
            new Dictionary<string, string> { ["NODE_OPTIONS"] = "--max-http-header-size=2048" });

        LlmException failure = await FailureOfAsync(OpenWithHeader(3_000, small.BaseAddress));
        (string text, _) = await OpenWithHeader(500, small.BaseAddress).AskAsync(Ask(), isStreamed: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((failure.StatusCode, failure.ErrorClass), Is.EqualTo(((int?)431, LlmErrorClass.InvalidRequest)));
            Assert.That(failure.Message, Does.Contain("headers are too large"));
            Assert.That(text, Is.EqualTo("Hello there"));
        }
    }

    private SdkHost OpenWithHeader(int length, Uri? gateway = null) => Open(options =>
    {
        options.Portkey.Endpoint = gateway ?? options.Portkey.Endpoint;
        Add(options, Main);
        options.Accounts[Main].Headers["x-portkey-openai-organization"] = new string('o', length);
    });

    private static TestCaseData Case(
        string name, ProviderBehavior behavior, LlmErrorClass expected, int status, LlmErrorSource source = LlmErrorSource.Provider) =>
        new TestCaseData(behavior, expected, status, source).SetArgDisplayNames(name);
}
