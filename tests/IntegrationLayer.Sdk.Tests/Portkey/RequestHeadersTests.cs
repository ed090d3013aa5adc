using System.Text.Json;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class RequestHeadersTests
{
    private static readonly string[] Bad = ["a\r\nX-Evil: 1", "a\nb", "a\0b", "é", " a", "a "];

    [Test]
    public async Task Headers_of_a_plain_call_are_exactly_these()
    {
        Dictionary<string, string> headers = await Send(Call.Account());

        Assert.That(headers, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["x-portkey-api-key"] = "pk-gateway-key-0123456789",
            ["x-portkey-provider"] = "openai",
            ["Authorization"] = "Bearer sk-provider-key-0123456789",
            ["x-portkey-strict-open-ai-compliance"] = "false",
            ["x-portkey-trace-id"] = "trace-1",
            ["x-portkey-metadata"] = """{"operation":"default"}""",
            ["x-portkey-request-timeout"] = "30000",
            ["Accept-Encoding"] = "gzip",
        }));
    }

    [Test]
    public async Task Stream_is_not_asked_for_compressed()
    {
        ScriptedHandler handler = ScriptedHandler.Events("data: [DONE]\n\n");
        await using (await Call.Gateway(handler).OpenStreamAsync(Call.Chat(), default))
        {
            Assert.That(handler.Headers, Has.Count.GreaterThan(5).And.Not.ContainKey("Accept-Encoding"));
        }
    }

    [FsCheck.NUnit.Property]
    public void Metadata_is_that_of_the_caller_however_often_others_have_asked((byte User, byte Tenant, byte Team, byte Operation)[] callers)
    {
        MetadataMemo memo = new();
        foreach ((byte user, byte tenant, byte team, byte operation) in callers)
        {
            LlmRequestContext context = new() { UserId = Name(user), TenantId = Name(tenant), TeamId = Name(team), Operation = $"{operation % 3}" };

            Assert.That(memo.Get(context, Write), Is.EqualTo(Write(context)));
        }

        static string? Name(byte number) => number % 3 is 0 ? null : $"{number % 3}";
        static string Write(LlmRequestContext c) => $"{c.UserId ?? "-"} {c.TenantId ?? "-"} {c.TeamId ?? "-"} {c.Operation}";
    }

    [Test]
    public void Metadata_is_written_once_a_caller_and_with_tags_each_time()
    {
        (MetadataMemo memo, int written) = (new(), 0);
        LlmRequestContext caller = new() { UserId = "jo" };
        LlmRequestContext tagged = caller with { Tags = new Dictionary<string, string> { ["a"] = "b" } };

        for (int i = 0; i < 3; i++)
        {
            memo.Get(caller with { }, _ => $"{++written}");
            memo.Get(tagged, _ => $"{++written}");
        }

        Assert.That(written, Is.EqualTo(4));
    }

    [Test]
    public async Task Account_forms_are_sent()
    {
        Dictionary<string, string> catalogue = await Send(new ProviderAccount { Name = "a", Provider = "openai", PortkeyProvider = "open-ai-prod" });
        Dictionary<string, string> at = await Send(new ProviderAccount { Name = "a", Provider = "openai", PortkeyProvider = "@x" });
        Dictionary<string, string> virtualKey = await Send(new ProviderAccount { Name = "a", Provider = "openai", VirtualKey = "vk-1" });
        Dictionary<string, string> saved = await Send(new ProviderAccount { Name = "a", Provider = "openai", ConfigId = "pc-1" });
        Dictionary<string, string> host = await Send(new ProviderAccount
        {
            Name = "a", Provider = "openai", ApiKey = "k", CustomHost = new Uri("http://localhost:1/v1/"), Headers = new Dictionary<string, string> { ["x-portkey-aws-region"] = "eu-west-1" },
        });

        Assert.Multiple(() =>
        {
            Assert.That(catalogue["x-portkey-provider"], Is.EqualTo("@open-ai-prod"));
            Assert.That(at["x-portkey-provider"], Is.EqualTo("@x"));
            Assert.That(catalogue.ContainsKey("Authorization"), Is.False);
            Assert.That((virtualKey["x-portkey-virtual-key"], virtualKey.ContainsKey("x-portkey-provider")), Is.EqualTo(("vk-1", false)));
            Assert.That((saved["x-portkey-config"], saved.ContainsKey("x-portkey-provider")), Is.EqualTo(("pc-1", false)));
            Assert.That((host["x-portkey-custom-host"], host["x-portkey-aws-region"]), Is.EqualTo(("http://localhost:1/v1", "eu-west-1")));
        });
    }

    [Test]
    public async Task Changed_options_apply_to_known_accounts()
    {
        ProviderAccount account = Call.Account();
        await Send(account);

        Dictionary<string, string> headers = await Send(account, options: new PortkeyOptions { ApiKey = "pk-rotated", StrictOpenAiCompliance = true });

        Assert.That((headers["x-portkey-api-key"], headers["x-portkey-strict-open-ai-compliance"]), Is.EqualTo(("pk-rotated", "true")));
    }

    [Test]
    public async Task Metadata_is_ascii_json()
    {
        LlmRequestContext context = new() { UserId = "Zoë", TenantId = "t", TeamId = "x", Operation = "sum", Tags = new Dictionary<string, string> { ["línea"] = "a\r\nb", ["none"] = "" } };

        string metadata = (await Send(Call.Account(), context))["x-portkey-metadata"];

        Assert.Multiple(() =>
        {
            Assert.That(System.Text.Ascii.IsValid(metadata), Is.True);
            Assert.That(JsonSerializer.Deserialize<Dictionary<string, string>>(metadata), Is.EquivalentTo(new Dictionary<string, string>
            {
                ["_user"] = "Zoë", ["tenant"] = "t", ["team"] = "x", ["operation"] = "sum", ["línea"] = "a\r\nb",
            }));
        });
    }

    [TestCase(0.4, "1")]
    [TestCase(1500.2, "1501")]
    [TestCase(-1000, "1")]
    [TestCase(3e9, null)]
    public async Task Timeout_is_what_remains(double milliseconds, string? expected)
    {
        Dictionary<string, string> headers = await Send(Call.Account(), remaining: TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(headers.GetValueOrDefault("x-portkey-request-timeout"), Is.EqualTo(expected));
    }

    [Test]
    public async Task Endless_time_sends_no_timeout()
    {
        Dictionary<string, string> headers = await Send(Call.Account(), remaining: Timeout.InfiniteTimeSpan);

        Assert.That(headers.ContainsKey("x-portkey-request-timeout"), Is.False);
    }

    [Test]
    public async Task Idempotency_key_is_sent_and_forwarded()
    {
        ProviderAccount forwarding = new() { Name = "a", Provider = "openai", ApiKey = "k", Headers = new Dictionary<string, string> { ["x-portkey-forward-headers"] = "x-mine" } };

        Dictionary<string, string> plain = await Send(Call.Account(), new LlmRequestContext { IdempotencyKey = "i-1" });
        Dictionary<string, string> both = await Send(forwarding, new LlmRequestContext { IdempotencyKey = "i-1" });
        Dictionary<string, string> own = await Send(forwarding);

        Assert.Multiple(() =>
        {
            Assert.That((plain["Idempotency-Key"], plain["x-portkey-forward-headers"]), Is.EqualTo(("i-1", "Idempotency-Key")));
            Assert.That(both["x-portkey-forward-headers"], Is.EqualTo("x-mine,Idempotency-Key"));
            Assert.That(own["x-portkey-forward-headers"], Is.EqualTo("x-mine"));
        });
    }

    [TestCaseSource(nameof(Bad))]
    public async Task Value_that_cannot_stand_in_a_header_is_refused_by_name(string value)
    {
        Func<Task>[] calls =
        [
            () => Send(new ProviderAccount { Name = "a", Provider = "openai", ApiKey = $"{value}{value}" }),
            () => Send(new ProviderAccount { Name = "a", Provider = "openai", ApiKey = "k", Headers = new Dictionary<string, string> { ["x-y"] = value } }),
            () => Send(Call.Account(), new LlmRequestContext { IdempotencyKey = value }),
            () => Send(Call.Account(), options: new PortkeyOptions { ApiKey = value }),
        ];
        foreach (Func<Task> call in calls)
        {
            if (value[0] == ' ' && ReferenceEquals(call, calls[0]))
            {
                continue;
            }

            LlmException exception = await Call.Failure(call);
            Assert.That((exception.ErrorClass, exception.Message.Contains("header", StringComparison.Ordinal), exception.Message.Contains("Evil", StringComparison.Ordinal)),
                Is.EqualTo((LlmErrorClass.InvalidRequest, true, false)));
        }
    }

    [TestCase("Content-Length")]
    [TestCase("transfer-encoding")]
    [TestCase("Host")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    [TestCase("")]
    public async Task Name_that_cannot_be_a_header_is_refused(string name)
    {
        ProviderAccount account = new() { Name = "a", Provider = "openai", ApiKey = "k", Headers = new Dictionary<string, string> { [name] = "v" } };

        LlmException exception = await Call.Failure(() => Send(account));

        Assert.That((exception.ErrorClass, exception.Message.Contains('\n', StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.InvalidRequest, false)));
    }

    [Test]
    public async Task Too_much_metadata_is_refused()
    {
        Dictionary<string, string> many = Enumerable.Range(0, 17).ToDictionary(index => $"k{index}", _ => "v");
        LlmRequestContext[] contexts =
        [
            new() { Tags = many }, new() { Tags = new Dictionary<string, string> { ["k"] = new('v', 129) } }, new() { Tags = new Dictionary<string, string> { [new('k', 129)] = "v" } },
            new() { UserId = new('u', 129) }, new() { Tags = new Dictionary<string, string> { ["_user"] = "v" } },
        ];
        foreach (LlmRequestContext context in contexts)
        {
            LlmException exception = await Call.Failure(() => Send(Call.Account(), context));
            Assert.That(exception.ErrorClass, Is.EqualTo(LlmErrorClass.InvalidRequest));
        }
    }

    [Test]
    public async Task Headers_of_more_than_15_kibibytes_are_refused()
    {
        ProviderAccount account = new() { Name = "a", Provider = "openai", ApiKey = "k", Headers = new Dictionary<string, string> { ["x-big"] = new('a', 15 * 1024) } };

        LlmException exception = await Call.Failure(() => Send(account));

        Assert.That((exception.ErrorClass, exception.Message.Contains("15360", StringComparison.Ordinal)), Is.EqualTo((LlmErrorClass.InvalidRequest, true)));
    }

    private static async Task<Dictionary<string, string>> Send(ProviderAccount account, LlmRequestContext? context = null, TimeSpan? remaining = null, PortkeyOptions? options = null)
    {
        ScriptedHandler handler = ScriptedHandler.Json(Call.Answer);
        await Call.Gateway(handler, options).SendAsync(Call.Chat(deployment: Call.Deployment(account: account), envelope: Call.Envelope(context, remaining)), default);
        return handler.Headers;
    }
}
