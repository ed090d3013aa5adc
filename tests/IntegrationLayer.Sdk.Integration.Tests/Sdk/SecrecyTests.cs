using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>
/// Neither keys nor prompts nor answers show up in exceptions or logs, at any level, whatever fails and however much of the request
/// the provider's message quotes.
/// </summary>
public sealed class SecrecyTests : SdkTest
{
    private const string GatewayKey = "portkey-canary-0123456789";
    private const string Prompt = "canary prompt: the merger with Umbrella closes on Friday";
    private const string SystemPrompt = "canary system: you negotiate for the seller";
    private const string Answer = "canary answer: offer nine hundred";
    private const string Quote = $"Incorrect API key provided: {Key}. You sent '{Prompt}' after '{SystemPrompt}'.";

    private static readonly string[] Canaries = [Key, GatewayKey, "merger with Umbrella", "negotiate for the seller", "nine hundred"];

    public static IEnumerable<TestCaseData> Failures()
    {
        foreach (int status in (int[])[400, 401, 404, 408, 412, 429, 500, 503])
        {
            yield return Case($"quoting {status}", new ErrorBehavior(status, Quote) { Code = "canary_code" });
        }

        yield return Case("key as code", new ErrorBehavior(401, "no") { Code = Key, Type = Key });
        yield return Case("prompt as code", new ErrorBehavior(400, "no") { Code = Prompt });
        yield return Case("quoting html", ProviderBehavior.Sends(502, "text/html", $"<html><body>{Quote}</body></html>"));
        yield return Case("quoting html with 200", ProviderBehavior.Sends(200, "text/html", $"<html><body>{Quote}</body></html>"));
        yield return Case("quoting plain text", ProviderBehavior.Sends(500, "text/plain", Quote));
        yield return Case("quoting broken json", ProviderBehavior.Sends(200, "application/json", $"{{\"error\": \"{Quote}"));
        yield return Case("quoting error in 200", ProviderBehavior.SendsErrorWithSuccess(Quote));
        yield return Case("quoting other json", ProviderBehavior.Sends(200, "application/json", $"{{\"echo\":\"{Quote}\",\"choices\":7}}"));
        yield return Case("quoting error event", ProviderBehavior.Sends(200, "text/event-stream", $"data: {{\"error\":{{\"message\":\"{Quote}\"}}}}\n\n"));
        yield return Case("quoting broken event", ProviderBehavior.Sends(200, "text/event-stream", $"data: {{\"id\":\"{Quote}\",oops\n\n"));
        yield return Case("cut after content", ProviderBehavior.Says(Answer, "more") with { Stream = StreamShape.CutAfter(2) });
        yield return Case("error after content", ProviderBehavior.Says(Answer, "more") with { Stream = StreamShape.ErrorAfter(2) });
        yield return Case("reset", ProviderBehavior.Resets());
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Failure_gives_nothing_away(ProviderBehavior behavior)
    {
        Provider.Script(Main, behavior);
        SdkHost host = OpenWithKeys();

        Exception? streamed = await RunAsync(host, isStreamed: true);
        Exception? whole = await RunAsync(host, isStreamed: false);
        RecordedRequest seen = await SeenAsync();

        Assert.That(streamed ?? whole, Is.InstanceOf<LlmException>(), "At least one of both failed.");
        Assert.That(seen.Headers["Authorization"], Does.Contain(Key), "The canaries were on their way.");
        Assert.That(seen.Body, Does.Contain(Prompt).And.Contain(SystemPrompt));
        Assert.That(host.Logs.Entries, Is.Not.Empty);
        AssertSilent(streamed, whole, host);
    }

    [Test]
    public async Task Unreachable_gateway_gives_nothing_away()
    {
        SdkHost host = OpenWithKeys(new Uri($"http://127.0.0.1:{LoopbackPort.Find()}/v1/"));

        Exception? failure = await RunAsync(host, isStreamed: false);

        Assert.That(failure, Is.InstanceOf<LlmException>());
        AssertSilent(failure, null, host);
    }

    [Test]
    public async Task Success_gives_nothing_away()
    {
        Provider.Script(Main, ProviderBehavior.Says(Answer));
        SdkHost host = OpenWithKeys();

        Assert.That(await RunAsync(host, isStreamed: true), Is.Null);
        Assert.That(await RunAsync(host, isStreamed: false), Is.Null);
        AssertSilent(null, null, host);
    }

    [Test]
    public async Task Request_that_nobody_can_serve_gives_nothing_away()
    {
        SdkHost host = OpenWithKeys();
        LlmRequest request = Conversation() with { Options = new ChatOptions { ModelId = "no-such-model" } };

        Exception? failure = await RunAsync(host, isStreamed: false, request);

        Assert.That(failure, Is.InstanceOf<Routing.NoEligibleModelException>());
        AssertSilent(failure, null, host);
    }

    [Test]
    public async Task Answer_of_the_wrong_type_gives_nothing_away()
    {
        Provider.Script(Main, ProviderBehavior.Says(Answer));
        SdkHost host = OpenWithKeys();

        LlmOutputException? failure = await Assert.ThrowsAsync<LlmOutputException>(() => host.Client.GetResponseAsync<Uri[]>(Conversation()));

        AssertSilent(failure, null, host);
    }

    private static LlmRequest Conversation() => new([new ChatMessage(ChatRole.System, SystemPrompt), new ChatMessage(ChatRole.User, Prompt)]);

    private static async Task<Exception?> RunAsync(SdkHost host, bool isStreamed, LlmRequest? request = null)
    {
        try
        {
            await host.AskAsync(request ?? Conversation(), isStreamed);
            return null;
        }
        catch (IntegrationLayerException failure)
        {
            return failure;
        }
    }

    private static void AssertSilent(Exception? first, Exception? second, SdkHost host)
    {
        string told = $"{first}\n{second}\n{(first as LlmException)?.Code}\n{(second as LlmException)?.Code}";
        using (Assert.EnterMultipleScope())
        {
            foreach (string canary in Canaries)
            {
                Assert.That(told, Does.Not.Contain(canary), "exception");
                Assert.That(host.Logs.Text, Does.Not.Contain(canary), "log");
            }
        }
    }

    private SdkHost OpenWithKeys(Uri? endpoint = null) => Open(options =>
    {
        options.MaxAttempts = 1;
        options.Portkey.ApiKey = GatewayKey;
        options.Portkey.Endpoint = endpoint ?? options.Portkey.Endpoint;
        Add(options, Main);
    });

    private static TestCaseData Case(string name, ProviderBehavior behavior) => new TestCaseData(behavior).SetArgDisplayNames(name);
}
