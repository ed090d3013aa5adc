using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Testing.Tests;

[TestFixture(Front.Handler)]
[TestFixture(Front.Server)]
public sealed class FakePortkeyScriptTests(Front front)
{
    private FakePortkey _fake = null!;
    private GatewayClient _client = null!;

    [SetUp]
    public async Task Open()
    {
        _fake = new FakePortkey();
        _client = await GatewayClient.OpenAsync(front, _fake);
    }

    [TearDown]
    public async Task Close() => await _client.DisposeAsync();

    [Test]
    public async Task Sequence_gives_each_answer_once_and_the_last_without_end()
    {
        _fake.OnChat("m").Fail(FakePortkeyError.ServiceUnavailable()).Times(2).Then.Reply("first").Then.Reply("ok");

        List<string> answers = [];
        for (int i = 0; i < 5; i++)
        {
            answers.Add(await _client.TextAsync());
        }

        Assert.That(answers, Is.EqualTo(new[] { "503", "503", "first", "ok", "ok" }));
        _fake.VerifyAllCalled();
    }

    [Test]
    public async Task Used_up_route_leaves_requests_to_the_next()
    {
        FakePortkeyChatRoute once = _fake.OnChat("m").Reply("once").Times(1);
        _fake.OnChat().Reply("any");

        Assert.That(await _client.TextAsync(), Is.EqualTo("once"));
        Assert.That(await _client.TextAsync(), Is.EqualTo("any"));
        Assert.That(once.Calls, Is.EqualTo(1));
        Assert.That(once.ToString(), Is.EqualTo("chat m (1 answered, used up)"));
    }

    [Test]
    public async Task Conditions_pick_the_route()
    {
        _fake.OnChat().ForProvider("anthropic").Reply("claude");
        _fake.OnChat().When(request => request.CustomHost == "https://eu.example/v1").Reply("eu");
        _fake.OnChat().When(request => request.Json.GetProperty("messages").GetArrayLength() == 1).When(request => request.Prompt.Contains("weather", StringComparison.Ordinal)).Reply("rain");
        _fake.Default.Reply("default");

        HttpRequestMessage european = GatewayClient.Request();
        european.Headers.Add("x-portkey-custom-host", "https://eu.example/v1");
        using HttpResponseMessage eu = await _client.SendAsync(european);
        JsonElement json = await GatewayClient.JsonAsync(eu);

        Assert.That(json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("eu"));
        Assert.That(await _client.TextAsync(provider: "anthropic"), Is.EqualTo("claude"));
        Assert.That(await _client.TextAsync(prompt: "the weather?"), Is.EqualTo("rain"));
        Assert.That(await _client.TextAsync(prompt: "else"), Is.EqualTo("default"));
        _fake.VerifyAllCalled();
    }

    [Test]
    public void Default_that_is_never_called_satisfies_verification()
    {
        _fake.Default.Reply("x");
        _fake.OnChat("extra").Reply("x").Optional();

        Assert.That(_fake.VerifyAllCalled, Throws.Nothing);
    }

    [Test]
    public async Task Unmatched_request_is_refused_with_the_routes_there_are()
    {
        _fake.OnChat("a").When(request => request.PortkeyApiKey == "pk").Reply("x");
        _fake.OnChat("m").Reply("y").Times(1);
        await _client.TextAsync();

        string message;
        if (front == Front.Handler)
        {
            message = (await Assert.ThrowsAsync<UnmatchedRequestException>(() => _client.TextAsync(prompt: "second")))!.Message;
        }
        else
        {
            (HttpResponseMessage response, JsonElement json) = await _client.ChatAsync(prompt: "second");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotImplemented));
            message = json.GetProperty("message").GetString()!;
        }

        Assert.That(message, Is.EqualTo(
            """
            No route answers POST /v1/chat/completions provider=openai model=m stream=false prompt="second". Routes, in the order asked:
              chat a when request => request.PortkeyApiKey == "pk" (0 answered)
              chat m (1 answered, used up)
            """.ReplaceLineEndings("\n")));
        Assert.That(await _fake.Requests[1].Outcome, Is.EqualTo(FakePortkeyOutcome.Refused));
        FakeVerificationException exception = Assert.Throws<FakeVerificationException>(_fake.VerifyAllCalled)!;
        Assert.That(exception.Message, Is.EqualTo(
            """
            The script was not played as expected:
              chat a when request => request.PortkeyApiKey == "pk" (0 answered): reply "x" was given 0 of 1 times
              no route answered POST /v1/chat/completions provider=openai model=m stream=false prompt="second"
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Verification_counts_what_Times_demands()
    {
        _fake.OnChat("m").Reply("x").Times(3);
        _fake.OnChat("n");

        FakeVerificationException exception = Assert.Throws<FakeVerificationException>(_fake.VerifyAllCalled)!;

        Assert.That(exception.Message, Does.Contain("chat m (0 answered): reply \"x\" was given 0 of 3 times"));
        Assert.That(exception.Message, Does.Contain("chat n (no answer scripted) has no answer"));
    }

    [Test]
    public async Task Condition_that_throws_is_reported()
    {
        _fake.OnChat().When(_ => throw new FormatException("broken condition"), "it throws").Reply("x");

        if (front == Front.Handler)
        {
            await Assert.ThrowsAsync<FormatException>(() => _client.TextAsync());
        }
        else
        {
            Assert.That(await _client.TextAsync(), Is.EqualTo("501"));
        }

        Assert.That(_fake.VerifyAllCalled, Throws.TypeOf<FakeVerificationException>().With.Message.Contains("the script threw FormatException"));
    }

    [Test]
    public async Task Hanging_request_ends_when_the_client_gives_up()
    {
        _fake.OnChat().Hang();
        using CancellationTokenSource patience = new();

        Task<HttpResponseMessage> call = _client.SendAsync(GatewayClient.Request(), patience.Token);
        await _fake.WaitForRequestsAsync(1);
        Assert.That(call.IsCompleted, Is.False);
        await patience.CancelAsync();

        TaskCanceledException exception = (await Assert.ThrowsAsync<TaskCanceledException>(() => call))!;
        Assert.That(exception.CancellationToken, Is.EqualTo(patience.Token));
        Assert.That(await _fake.Requests[0].Outcome, Is.EqualTo(FakePortkeyOutcome.Cancelled));
    }

    [Test]
    public async Task Held_answer_waits_for_the_test()
    {
        TaskCompletionSource release = new();
        _fake.OnChat().Reply("x").After(release.Task);

        Task<string> call = _client.TextAsync();
        await _fake.WaitForRequestsAsync(1);
        Assert.That(call.IsCompleted, Is.False);
        release.SetResult();

        Assert.That(await call, Is.EqualTo("x"));
    }

    [Test]
    public async Task Delayed_answer_waits_by_the_clock_from_its_arrival()
    {
        FakeTimeProvider time = new();
        FakePortkey fake = new(time);
        fake.OnChat().Reply(FakePortkeyReply.Text("x").WithBodyDelay(TimeSpan.FromSeconds(2))).After(TimeSpan.FromSeconds(10));
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        Task<HttpResponseMessage> call = client.SendAsync(GatewayClient.Request());
        await fake.WaitForRequestsAsync(1);
        time.Advance(TimeSpan.FromSeconds(9));
        await Task.Yield();
        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await call;
        Task<JsonElement> body = GatewayClient.JsonAsync(response);
        await Task.Yield();
        Assert.That(body.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await body).GetProperty("created").GetInt64(), Is.EqualTo(new DateTimeOffset(2000, 1, 1, 0, 0, 10, TimeSpan.Zero).ToUnixTimeSeconds()).Within(10));
    }

    [Test]
    public async Task Embeddings_are_equal_for_equal_texts()
    {
        _fake.OnEmbeddings("e").Reply();

        JsonElement json = await PostAsync("embeddings", """{"model":"e","input":["cat","dog","cat"],"dimensions":4}""");

        float[][] vectors = [.. json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray())];
        Assert.That(vectors[0], Has.Length.EqualTo(4));
        Assert.That(vectors[2], Is.EqualTo(vectors[0]));
        Assert.That(vectors[1], Is.Not.EqualTo(vectors[0]));
        Assert.That(vectors[0].Sum(component => component * component), Is.EqualTo(1).Within(1e-5));
        Assert.That(json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task Embeddings_come_in_base64_when_asked()
    {
        _fake.OnEmbeddings().Reply(text => new float[] { text.Length, -1.5f });

        JsonElement json = await PostAsync("embeddings", """{"model":"e","input":"four","encoding_format":"base64"}""");

        byte[] bytes = json.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.That(new[] { BitConverter.ToSingle(bytes, 0), BitConverter.ToSingle(bytes, 4) }, Is.EqualTo(new[] { 4f, -1.5f }));
    }

    [Test]
    public async Task Embeddings_take_token_lists_and_report_the_usage_set()
    {
        _fake.OnEmbeddings().Reply(FakePortkeyEmbeddings.Hashed(3).WithUsage(77));
        _fake.OnEmbeddings().Reply(2);

        JsonElement one = await PostAsync("embeddings", """{"model":"e","input":[1,2,3]}""");
        JsonElement two = await PostAsync("embeddings", """{"model":"e","input":[[1],[2]]}""");

        Assert.That(one.GetProperty("data").GetArrayLength(), Is.EqualTo(1));
        Assert.That(one.GetProperty("usage").GetProperty("total_tokens").GetInt32(), Is.EqualTo(77));
        Assert.That(two.GetProperty("data").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Models_and_other_paths_are_answered()
    {
        _fake.OnModels().Reply("gpt-4o", "claude-x");
        _fake.OnPath("POST", "/v1/feedback").Reply("""{"status":"success"}""", 201);

        JsonElement models = JsonElement.Parse(await _client.Http.GetStringAsync("models?limit=5"));
        JsonElement feedback = await PostAsync("feedback", "{}");

        Assert.That(models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()), Is.EqualTo(new[] { "gpt-4o", "claude-x" }));
        Assert.That(feedback.GetProperty("status").GetString(), Is.EqualTo("success"));
        Assert.That(_fake.Requests.Select(request => request.Path), Is.EqualTo(new[] { "/v1/models?limit=5", "/v1/feedback" }));
    }

    [Test]
    public async Task Readiness_probe_is_answered_and_not_recorded_unless_scripted()
    {
        string probe = await _client.Http.GetStringAsync("/");
        _fake.OnPath("GET", "/").Fail(FakePortkeyError.ServiceUnavailable());
        using HttpResponseMessage scripted = await _client.Http.GetAsync("/");

        Assert.That(probe, Is.EqualTo("AI Gateway says hey!"));
        Assert.That((int)scripted.StatusCode, Is.EqualTo(503));
        Assert.That(_fake.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Request_is_recorded_with_all_it_says()
    {
        _fake.OnChat().Reply("x");
        HttpRequestMessage message = GatewayClient.Request("m", stream: true, usage: true, prompt: "Grüße");
        message.Headers.Add("x-portkey-metadata", """{"_user":"u"}""");
        message.Headers.Add("x-portkey-api-key", "pk");
        message.Headers.Add("x-portkey-trace-id", "t");
        message.Headers.Add("x-many", ["a", "b"]);
        using HttpResponseMessage response = await _client.SendAsync(message);
        await response.Content.ReadAsByteArrayAsync();

        FakePortkeyRequest request = _fake.Requests.Single();
        Assert.That(request.Method, Is.EqualTo("POST"));
        Assert.That(request.Path, Is.EqualTo("/v1/chat/completions"));
        Assert.That(request.Model, Is.EqualTo("m"));
        Assert.That(request.IsStream && request.IncludesUsage);
        Assert.That(request.Prompt, Is.EqualTo("Grüße"));
        Assert.That(request.Provider, Is.EqualTo("openai"));
        Assert.That(request.ApiKey, Is.EqualTo("sk-test"));
        Assert.That(request.PortkeyApiKey, Is.EqualTo("pk"));
        Assert.That(request.TraceId, Is.EqualTo("t"));
        Assert.That(request.Metadata, Is.EqualTo("""{"_user":"u"}"""));
        Assert.That(request.Header("X-MANY"), Is.EqualTo("a, b"));
        Assert.That(request.Header("content-type"), Does.StartWith("application/json"));
        Assert.That(JsonElement.Parse(request.Body.Span).GetProperty("model").GetString(), Is.EqualTo("m"));
        Assert.That(await request.Outcome, Is.EqualTo(FakePortkeyOutcome.Completed));
    }

    [Test]
    public async Task Body_that_is_no_JSON_is_recorded_as_bytes()
    {
        _fake.OnChat().Reply("x");

        using HttpResponseMessage response = await _client.Http.PostAsync("chat/completions", new StringContent("{nope"));

        FakePortkeyRequest request = _fake.Requests.Single();
        Assert.That(request.Json.ValueKind, Is.EqualTo(JsonValueKind.Undefined));
        Assert.That(Encoding.UTF8.GetString(request.Body.Span), Is.EqualTo("{nope"));
        Assert.That(request.Model, Is.Null);
        Assert.That(request.Prompt, Is.Empty);
        Assert.That(request.Provider, Is.Null);
        Assert.That(request.ApiKey, Is.Null);
    }

    [Test]
    public async Task Provider_is_read_from_the_config_when_no_header_names_it()
    {
        _fake.OnChat().Reply("x");

        foreach (string config in new[] { """{"provider":"groq"}""", """{"targets":[{"provider":"mistral-ai"}]}""", "pc-123" })
        {
            HttpRequestMessage message = GatewayClient.Request();
            message.Headers.Remove("x-portkey-provider");
            message.Headers.Add("x-portkey-config", config);
            using HttpResponseMessage response = await _client.SendAsync(message);
        }

        Assert.That(_fake.Requests.Select(request => request.Provider), Is.EqualTo(new[] { "groq", "mistral-ai", null }));
    }

    [Test]
    public async Task Only_the_newest_requests_are_kept()
    {
        FakePortkey fake = new(new FakePortkeyOptions { MaxRecordedRequests = 2 });
        fake.OnChat().Reply("x");
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        foreach (string prompt in new[] { "1", "2", "3" })
        {
            await client.TextAsync(prompt: prompt);
        }

        Assert.That(fake.Requests.Select(request => request.Prompt), Is.EqualTo(new[] { "2", "3" }));
        Assert.That(fake.RequestCount, Is.EqualTo(3));
    }

    [Test]
    public async Task Bodies_beyond_the_limits_are_dropped_or_refused()
    {
        FakePortkey fake = new(new FakePortkeyOptions { MaxRecordedBytes = 300, MaxRequestBytes = 1000 });
        fake.OnChat().Reply("x");
        await using GatewayClient client = await GatewayClient.OpenAsync(front, fake);

        await client.TextAsync(prompt: new string('a', 200));
        await client.TextAsync(prompt: new string('b', 500));
        string refused = await client.TextAsync(prompt: new string('c', 1000));

        Assert.That(fake.Requests.Single().Prompt, Does.StartWith("b"));
        Assert.That(refused, Is.EqualTo("413"));
    }

    [Test]
    public async Task Concurrent_requests_share_a_sequence_fairly()
    {
        _fake.OnChat().Reply("a").Times(20).Then.Reply("b").Times(30);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _client.TextAsync()));

        Assert.That(answers.Count(answer => answer == "a"), Is.EqualTo(20));
        Assert.That(answers.Count(answer => answer == "b"), Is.EqualTo(30));
        _fake.VerifyAllCalled();
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.Http.PostAsync(path, content);
        return await GatewayClient.JsonAsync(response);
    }
}
