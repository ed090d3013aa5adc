using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Conversations through the gateway, and what is known of them afterwards.</summary>
public sealed class ChatTests : SdkTest
{
    [Test]
    public async Task Chat_answers_with_text_usage_and_exact_cost([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer { Chunks = ["It is ", "far."], Usage = new ProviderUsage(20, 5) }));

        (string text, LlmReceipt receipt) = await Open().AskAsync(Ask(), isStreamed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("It is far."));
            Assert.That(receipt.Deployment, Is.EqualTo(Main));
            Assert.That(receipt.Provider, Is.EqualTo("openai"));
            Assert.That(receipt.Model, Is.EqualTo("main-model"));
            Assert.That(receipt.ModelServed, Is.EqualTo("main-model"));
            Assert.That(receipt.Tokens, Is.EqualTo(new TokenUsage { Input = 20, Output = 5 }));
            Assert.That(receipt.Cost, Is.EqualTo(new LlmCost(0.03m, PriceStatus.Exact)));
            Assert.That(receipt.Attempts, Has.Count.EqualTo(1));
            Assert.That(receipt.TimeToFirstToken, isStreamed ? Is.GreaterThan(TimeSpan.Zero) : Is.Null);
        }
    }

    [Test]
    public async Task Stream_comes_in_pieces_with_the_receipt_on_the_last()
    {
        Provider.Script(Main, ProviderBehavior.Says("one ", "two ", "three"));

        IReadOnlyList<LlmResponseUpdate> updates = await Open().StreamAsync(Ask());

        Assert.That(updates.Where(update => update.Text.Length > 0).Select(update => update.Text), Is.EqualTo(["one ", "two ", "three"]));
        Assert.That(updates.SkipLast(1).Select(update => update.Receipt), Is.All.Null);
        Assert.That(updates[^1].Receipt, Is.Not.Null);
    }

    [Test]
    public async Task Stream_hands_out_what_has_come_while_the_rest_is_being_written()
    {
        TaskCompletionSource release = new();
        Provider.Script(Main, ProviderBehavior.Says("early", " late") with { Stream = StreamShape.StalledAfter(2, release.Task) });

        await using IAsyncEnumerator<LlmResponseUpdate> stream = Open().Client.GetStreamingResponseAsync(Ask()).GetAsyncEnumerator();
        string text = "";
        while (text.Length == 0 && await stream.MoveNextAsync())
        {
            text += stream.Current.Text;
        }

        string before = text;
        release.SetResult();
        while (await stream.MoveNextAsync())
        {
            text += stream.Current.Text;
        }

        Assert.That((before, text), Is.EqualTo(("early", "early late")));
    }

    [Test]
    public async Task Missing_usage_is_charged_at_the_upper_bound([Values] bool isStreamed)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer { Usage = null }));

        (_, LlmReceipt receipt) = await Open().AskAsync(Ask(options: new ChatOptions { MaxOutputTokens = 10 }), isStreamed);

        Assert.That(receipt.Cost.IsExact, Is.False);
        Assert.That(receipt.Cost.Usd, Is.GreaterThan(0.02m), "Ten output tokens alone may have cost 0.02.");
    }

    [Test]
    public async Task Conversation_and_options_arrive_at_the_provider()
    {
        LlmRequest request = new(
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User, "Hi, I am Zoë 🚀"),
            new ChatMessage(ChatRole.Assistant, "Hello."),
            new ChatMessage(ChatRole.User, "What's my name?"),
        ])
        {
            Options = new ChatOptions { Temperature = 0.5f, TopP = 0.25f, Seed = 7, MaxOutputTokens = 50, StopSequences = ["END"] },
        };

        await Open().Client.GetResponseAsync(request);
        RecordedRequest seen = await SeenAsync();

        using (Assert.EnterMultipleScope())
        {
            JsonElement messages = seen.Property("messages")!.Value;
            Assert.That(messages.EnumerateArray().Select(m => m.GetProperty("role").GetString()), Is.EqualTo(["system", "user", "assistant", "user"]));
            Assert.That(messages[1].GetProperty("content").GetString(), Is.EqualTo("Hi, I am Zoë 🚀"));
            Assert.That(seen.Headers["Authorization"], Is.EqualTo($"Bearer {Key}"));
            Assert.That(seen.Property("temperature")?.GetDouble(), Is.EqualTo(0.5));
            Assert.That(seen.Property("top_p")?.GetDouble(), Is.EqualTo(0.25));
            Assert.That(seen.Property("seed")?.GetInt32(), Is.EqualTo(7));
            Assert.That(seen.Property("max_tokens")?.GetInt32(), Is.EqualTo(50));
            Assert.That(seen.Property("stop")?[0].GetString(), Is.EqualTo("END"));
        }
    }

    // The gateway rebuilds the body from a list of its own per provider: what isn't on it is lost on the way, whoever sends it.
    [Test]
    public async Task Additional_properties_arrive_if_the_gateway_lets_them_through()
    {
        ChatOptions options = new() { AdditionalProperties = new() { ["verbosity"] = "low", ["brand_new_field"] = true } };

        await Open().Client.GetResponseAsync(Ask(options: options));
        RecordedRequest seen = await SeenAsync();

        Assert.That(seen.Property("verbosity")?.GetString(), Is.EqualTo("low"));
        Assert.That(seen.Property("brand_new_field"), Is.Null);
    }

    [Test]
    public async Task Unknown_fields_of_an_answer_do_no_harm()
    {
        Provider.Script(Main, ProviderBehavior.Sends(200, "application/json",
            """
            {"id":"1","object":"chat.completion","created":1700000000,"model":"m","mood":{"deep":[1,{"x":null}]},
             "choices":[{"index":0,"finish_reason":"stop","confidence":0.5,"message":{"role":"assistant","content":"fine","sentiment":["a"]}}],
             "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"energy_joules":12.5}}
            """));

        (string text, LlmReceipt receipt) = await Open().AskAsync(Ask(), isStreamed: false);

        Assert.That((text, receipt.Tokens), Is.EqualTo(("fine", new TokenUsage { Input = 3, Output = 2 })));
    }

    [Test]
    public async Task Trace_id_is_sent_and_echoed_and_stands_on_the_receipt()
    {
        SdkHost host = Open();

        LlmResponse response = await host.Client.GetResponseAsync(Ask() with { Context = new LlmRequestContext { TraceId = "trace-42" } });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Wire.Sent[0]["x-portkey-trace-id"], Is.EqualTo("trace-42"));
            Assert.That(host.Wire.Received[0]["x-portkey-trace-id"], Is.EqualTo("trace-42"));
            Assert.That(response.Receipt.TraceId, Is.EqualTo("trace-42"));
        }
    }

    [Test]
    public async Task Context_becomes_the_gateways_metadata()
    {
        SdkHost host = Open();
        LlmRequestContext context = new()
        {
            UserId = "Zoë",
            TenantId = "acme",
            TeamId = "search",
            Operation = "summarize",
            Tags = new Dictionary<string, string> { ["feature"] = "inbox" },
        };

        await host.Client.GetResponseAsync(Ask() with { Context = context });
        string header = host.Wire.Sent[0]["x-portkey-metadata"];
        Dictionary<string, string>? metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(header);

        Assert.That(System.Text.Ascii.IsValid(header), Is.True, "Node reads headers as Latin-1.");
        Assert.That(metadata, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["_user"] = "Zoë", ["tenant"] = "acme", ["team"] = "search", ["operation"] = "summarize", ["feature"] = "inbox",
        }));
    }

    [TestCase("stop", "stop")]
    [TestCase("length", "length")]
    [TestCase("content_filter", "content_filter")]
    public async Task Finish_reason_passes(string said, string expected)
    {
        Provider.Script(Main, ProviderBehavior.Answers(new ProviderAnswer { FinishReason = said }));

        LlmResponse response = await Open().Client.GetResponseAsync(Ask());

        Assert.That(response.Content.FinishReason?.Value, Is.EqualTo(expected));
    }
}
