using System.Reflection;
using System.Text.Json;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class CacheKeyTests
{
    private static readonly CacheKeyRing Ring = new(Options.Create(new ExactMatchCacheOptions()));

    /// <summary>Every member of a request has a decision; a new one fails the test below until somebody decides.</summary>
    private static readonly Dictionary<string, string> Decisions = new()
    {
        ["LlmRequest.Messages"] = "in",
        ["LlmRequest.Options"] = "in, by member",
        ["LlmRequest.Requirements"] = "in, by member",
        ["LlmRequest.Context"] = "by member",
        ["LlmRequest.Caching"] = "out: says how to use the cache",
        ["LlmRequest.RoutingPolicy"] = "in: another policy may ask another model",
        ["LlmRequest.HasSideEffects"] = "out: such a request never comes near the cache",
        ["LlmRequest.ContinueBrokenStream"] = "out: says what to do when a stream breaks off; an answer that was continued is not kept",
        ["LlmRequest.Kind"] = "in",
        ["LlmRequestContext.TenantId"] = "in: the partition",
        ["LlmRequestContext.UserId"] = "in, when the scope is the user: else tenants share answers among their users",
        ["LlmRequestContext.TeamId"] = "out, as the user",
        ["LlmRequestContext.KeyId"] = "out, as the team",
        ["LlmRequestContext.Operation"] = "out: a name for people",
        ["LlmRequestContext.Tags"] = "out: labels for records",
        ["LlmRequestContext.TraceId"] = "out",
        ["LlmRequestContext.SessionId"] = "out: it chooses among equally good deployments, not what is asked",
        ["LlmRequestContext.Timeout"] = "out: how long to wait doesn't change the answer",
        ["LlmRequestContext.Deadline"] = "out, as the timeout",
        ["LlmRequestContext.IdempotencyKey"] = "out: names the repetition, not the question",
        ["ModelRequirements.Capabilities"] = "in",
        ["ModelRequirements.MaxInputPrice"] = "in",
        ["ModelRequirements.MaxOutputPrice"] = "in",
        ["ModelRequirements.MaxCost"] = "in",
        ["ModelRequirements.MaxLatency"] = "in",
        ["ModelRequirements.Regions"] = "in",
        ["ModelRequirements.MinContextTokens"] = "in",
        ["ModelRequirements.MinQuality"] = "in",
        ["ChatMessage.Role"] = "in",
        ["ChatMessage.Contents"] = "in",
        ["ChatMessage.AuthorName"] = "in",
        ["ChatMessage.AdditionalProperties"] = "in",
        ["ChatMessage.Text"] = "said by the contents",
        ["ChatMessage.CreatedAt"] = "out: when it was said",
        ["ChatMessage.MessageId"] = "out: under which id",
        ["ChatMessage.RawRepresentation"] = "out: says again what the contents say",
        ["ChatOptions.ConversationId"] = "not cached: the answer depends on what the provider remembers",
        ["ChatOptions.Instructions"] = "in",
        ["ChatOptions.Temperature"] = "in",
        ["ChatOptions.MaxOutputTokens"] = "in",
        ["ChatOptions.TopP"] = "in",
        ["ChatOptions.TopK"] = "in",
        ["ChatOptions.FrequencyPenalty"] = "in",
        ["ChatOptions.PresencePenalty"] = "in",
        ["ChatOptions.Seed"] = "in",
        ["ChatOptions.Reasoning"] = "in",
        ["ChatOptions.ResponseFormat"] = "in",
        ["ChatOptions.ModelId"] = "in",
        ["ChatOptions.StopSequences"] = "in",
        ["ChatOptions.AllowMultipleToolCalls"] = "in",
        ["ChatOptions.ToolMode"] = "in",
        ["ChatOptions.Tools"] = "in: names, descriptions, schemas",
        ["ChatOptions.AllowBackgroundResponses"] = "in",
        ["LlmRequest.Checked"] = "not in key: the request is the same, made to see whether an answer was right",
        ["ChatOptions.ContinuationToken"] = "not cached",
        ["ChatOptions.RawRepresentationFactory"] = "not cached: what it makes can't be compared",
        ["ChatOptions.AdditionalProperties"] = "in",
    };

    [Test]
    public void Every_member_of_a_request_is_decided_on()
    {
        IEnumerable<string> members = new[] { typeof(LlmRequest), typeof(LlmRequestContext), typeof(ModelRequirements), typeof(ChatMessage), typeof(ChatOptions) }
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Where(p => p.DeclaringType == t && p.Name != "EqualityContract" && (p.GetMethod!.IsPublic || (p.GetMethod.IsAssembly && t.Assembly == typeof(LlmRequest).Assembly)))
                .Select(p => $"{t.Name}.{p.Name}"));
        Assert.That(members, Is.EquivalentTo(Decisions.Keys));
    }

    private static IEnumerable<TestCaseData> Differences()
    {
        yield return Case("text", r => new LlmRequest("hello!"));
        yield return Case("image", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello"), new DataContent(new byte[] { 1 }, "image/png")])]));
        yield return Case("other image", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello"), new DataContent(new byte[] { 2 }, "image/png")])]));
        yield return Case("image's type", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello"), new DataContent(new byte[] { 1 }, "image/gif")])]));
        yield return Case("image's name", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello"), new DataContent(new byte[] { 1 }, "image/png") { Name = "a.png" }])]));
        yield return Case("address", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello"), new UriContent("https://a/b.png", "image/png")])]));
        yield return Case("text in parts", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hel"), new TextContent("lo")])]));
        yield return Case("mark on a text", r => new LlmRequest([new ChatMessage(ChatRole.User, [new TextContent("hello") { AdditionalProperties = new() { ["x"] = 1 } }])]));
        yield return Case("tool call", r => new LlmRequest([.. r.Messages, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 1 })])]));
        yield return Case("tool call's arguments", r => new LlmRequest([.. r.Messages, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 2 })])]));
        yield return Case("tool result", r => new LlmRequest([.. r.Messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", "f")])]));
        yield return Case("author", r => new LlmRequest([new ChatMessage(ChatRole.User, "hello") { AuthorName = "jo" }]));
        yield return Case("message extras", r => new LlmRequest([new ChatMessage(ChatRole.User, "hello") { AdditionalProperties = new() { ["x"] = 1 } }]));
        yield return Case("role", r => new LlmRequest([new ChatMessage(ChatRole.System, "hello")]));
        yield return Case("history", r => new LlmRequest([.. r.Messages, .. r.Messages]));
        yield return Case("tenant", r => r with { Context = new LlmRequestContext { TenantId = "acme" } });
        yield return Case("policy", r => r with { RoutingPolicy = "HighestQuality" });
        yield return Case("capabilities", r => r with { Requirements = new ModelRequirements { Capabilities = ModelCapabilities.Vision } });
        yield return Case("input price", r => r with { Requirements = new ModelRequirements { MaxInputPrice = 1 } });
        yield return Case("output price", r => r with { Requirements = new ModelRequirements { MaxOutputPrice = 1 } });
        yield return Case("cost", r => r with { Requirements = new ModelRequirements { MaxCost = 1 } });
        yield return Case("latency", r => r with { Requirements = new ModelRequirements { MaxLatency = TimeSpan.FromSeconds(1) } });
        yield return Case("regions", r => r with { Requirements = new ModelRequirements { Regions = ["eu"] } });
        yield return Case("context", r => r with { Requirements = new ModelRequirements { MinContextTokens = 1 } });
        yield return Case("quality", r => r with { Requirements = new ModelRequirements { MinQuality = 0.1 } });
        foreach ((string name, ChatOptions options) in OptionCases())
        {
            yield return Case(name, r => r with { Options = options });
        }
    }

    private static IEnumerable<(string Name, ChatOptions Options)> OptionCases()
    {
        yield return ("model", new ChatOptions { ModelId = "gpt-4o" });
        yield return ("instructions", new ChatOptions { Instructions = "be brief" });
        yield return ("temperature", new ChatOptions { Temperature = 0.5f });
        yield return ("max tokens", new ChatOptions { MaxOutputTokens = 5 });
        yield return ("top p", new ChatOptions { TopP = 0.5f });
        yield return ("top k", new ChatOptions { TopK = 5 });
        yield return ("frequency penalty", new ChatOptions { FrequencyPenalty = 0.5f });
        yield return ("presence penalty", new ChatOptions { PresencePenalty = 0.5f });
        yield return ("seed", new ChatOptions { Seed = 5 });
        yield return ("reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } });
        yield return ("format", new ChatOptions { ResponseFormat = ChatResponseFormat.Json });
        yield return ("stop", new ChatOptions { StopSequences = ["x"] });
        yield return ("parallel tools", new ChatOptions { AllowMultipleToolCalls = true });
        yield return ("tool mode", new ChatOptions { ToolMode = ChatToolMode.None });
        yield return ("tools", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a, "f")] });
        yield return ("tool schema", new ChatOptions { Tools = [AIFunctionFactory.Create((string a) => a, "f")] });
        yield return ("background", new ChatOptions { AllowBackgroundResponses = true });
        yield return ("tool description", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a, "f", "does it")] });
        yield return ("tool extras", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = new Dictionary<string, object?> { ["strict"] = true } })] });
        yield return ("required tool", new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("f") });
        yield return ("any tool", new ChatOptions { ToolMode = ChatToolMode.RequireAny });
        yield return ("format text", new ChatOptions { ResponseFormat = ChatResponseFormat.Text });
        yield return ("format schema", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("""{"type":"object"}""")) });
        yield return ("format name", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("""{"type":"object"}"""), "n") });
        yield return ("format description", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("""{"type":"object"}"""), "n", "d") });
        yield return ("extras", new ChatOptions { AdditionalProperties = new() { ["x"] = 1 } });
        yield return ("extras text", new ChatOptions { AdditionalProperties = new() { ["x"] = "1" } });
        yield return ("extras null", new ChatOptions { AdditionalProperties = new() { ["x"] = null } });
        yield return ("extras true", new ChatOptions { AdditionalProperties = new() { ["x"] = true } });
        yield return ("extras list", new ChatOptions { AdditionalProperties = new() { ["x"] = Json("[1]") } });
        yield return ("extras nested list", new ChatOptions { AdditionalProperties = new() { ["x"] = Json("[[1]]") } });
        yield return ("extras huge", new ChatOptions { AdditionalProperties = new() { ["x"] = Json("1e300") } });
    }

    private static TestCaseData Case(string name, Func<LlmRequest, LlmRequest> change) => new(change) { TestName = $"Difference_changes_the_key({name})" };

    [TestCaseSource(nameof(Differences))]
    public void Difference_changes_the_key(Func<LlmRequest, LlmRequest> change)
    {
        var request = new LlmRequest("hello");
        Assert.That(KeyOf(change(request)), Is.Not.EqualTo(KeyOf(request)));
    }

    [Test]
    public void All_differences_have_keys_of_their_own()
    {
        CacheKey[] keys = [.. Differences().Select(d => KeyOf(((Func<LlmRequest, LlmRequest>)d.Arguments[0]!)(new LlmRequest("hello"))))];
        Assert.That(keys, Is.Unique);
    }

    [Test]
    public void What_doesnt_change_the_answer_doesnt_change_the_key()
    {
        var request = new LlmRequest("hello") { Requirements = new ModelRequirements { Regions = ["eu", "us"] } };
        LlmRequest same = new LlmRequest("hello")
        {
            Requirements = new ModelRequirements { Regions = ["us", "eu"] },
            Caching = CacheDirective.Refresh,
            Context = new LlmRequestContext
            {
                UserId = "u",
                TeamId = "t",
                KeyId = "k",
                Operation = "o",
                TraceId = "x",
                IdempotencyKey = "i",
                Timeout = TimeSpan.FromSeconds(1),
                Deadline = DateTimeOffset.UnixEpoch,
                Tags = new Dictionary<string, string> { ["a"] = "b" },
            },
        };
        Assert.That(KeyOf(same), Is.EqualTo(KeyOf(request)));
    }

    [Test]
    public void When_a_message_was_said_and_under_which_id_doesnt_change_the_key() => Assert.That(
        KeyOf(new LlmRequest([new ChatMessage(ChatRole.User, "hello") { MessageId = "m1", CreatedAt = DateTimeOffset.UnixEpoch }])),
        Is.EqualTo(KeyOf(new LlmRequest("hello"))));

    // All of them are the same replacement character in UTF-8.
    [Test]
    public void Texts_that_arent_well_formed_have_keys_of_their_own() => Assert.That(
        new[] { "a\ud800", "a\udc00", "a\ufffd", "a\ud801" }.Select(text => KeyOf(new LlmRequest(text)).Value), Is.Unique);

    [Test]
    public void Order_of_members_and_spelling_of_numbers_dont_change_the_key()
    {
        LlmRequest first = With(new() { ["a"] = Json("""{"x":1.50,"y":[true,null]}"""), ["b"] = "t" });
        LlmRequest second = With(new() { ["b"] = "t", ["a"] = Json("""{ "y": [true, null], "x": 1.5 }""") });
        Assert.That(KeyOf(second), Is.EqualTo(KeyOf(first)));

        static LlmRequest With(AdditionalPropertiesDictionary extras) => new("hello") { Options = new ChatOptions { AdditionalProperties = extras } };
    }

    [Test]
    public void Order_of_a_schema_doesnt_change_the_key()
    {
        static LlmRequest With(string schema) => new("hello") { Options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("f", "d", Json(schema))] } };
        Assert.That(
            KeyOf(With("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}}}""")),
            Is.EqualTo(KeyOf(With("""{"properties":{"b":{"type":"integer"},"a":{"type":"string"}},"type":"object"}"""))));
    }

    [Test]
    public void Scope_says_who_shares_a_key()
    {
        LlmRequest jo = Of("acme", "jo"), al = Of("acme", "al"), other = Of("other", "jo");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(KeyOf(jo), Is.EqualTo(KeyOf(al)).And.Not.EqualTo(KeyOf(other)), "tenant");
            Assert.That(KeyOf(jo, CacheScope.User), Is.Not.EqualTo(KeyOf(al, CacheScope.User)).And.Not.EqualTo(KeyOf(other, CacheScope.User)), "user");
            Assert.That(KeyOf(jo, CacheScope.Shared), Is.EqualTo(KeyOf(al, CacheScope.Shared)).And.EqualTo(KeyOf(other, CacheScope.Shared)), "shared");
            Assert.That(KeyOf(Of(null, "jo")), Is.Not.EqualTo(KeyOf(Of("", "jo"))), "no tenant is a partition of its own");
            Assert.That(KeyOf(jo), Is.Not.EqualTo(KeyOf(jo, CacheScope.User)).And.Not.EqualTo(KeyOf(jo, CacheScope.Shared)), "scopes are partitions too");
        }

        static LlmRequest Of(string? tenant, string user) => new("hello") { Context = new LlmRequestContext { TenantId = tenant, UserId = user } };
    }

    [Test]
    public void Request_without_a_user_has_no_key_of_a_users() => Assert.That(CacheKey.TryRent(new LlmRequest("x"), CacheScope.User, Ring, out _), Is.False);

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool Equal_texts_have_equal_keys_and_others_have_not(string? a, string? b) =>
        KeyOf(new LlmRequest(a ?? "")).Equals(KeyOf(new LlmRequest(b ?? ""))) == ((a ?? "") == (b ?? ""));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool No_two_partitions_share_a_key(string? tenant, string? user, string? otherTenant, string? otherUser, string? text)
    {
        CacheKey one = KeyOf(Of(tenant, user ?? ""), CacheScope.User), other = KeyOf(Of(otherTenant, otherUser ?? ""), CacheScope.User);
        return one.Equals(other) == ((tenant, user ?? "") == (otherTenant, otherUser ?? ""));

        LlmRequest Of(string? tenantId, string userId) => new(text ?? "") { Context = new LlmRequestContext { TenantId = tenantId, UserId = userId } };
    }

    [Test]
    public void Long_request_is_represented_by_its_digest()
    {
        CacheKey key = KeyOf(new LlmRequest(new string('x', 100_000)));
        Assert.That(key.Identity.Length, Is.EqualTo(33));
        Assert.That(key, Is.EqualTo(KeyOf(new LlmRequest(new string('x', 100_000)))).And.Not.EqualTo(KeyOf(new LlmRequest(new string('x', 100_001)))));
        Assert.That(key.Value, Is.EqualTo(KeyOf(new LlmRequest(new string('x', 100_000))).Value));
    }

    [Test]
    public void Value_is_known_only_with_the_installations_key()
    {
        static CacheKeyRing RingOf(string? key) => new(Options.Create(new ExactMatchCacheOptions { InstallationKey = key }));
        var request = new LlmRequest("hello");
        string value = KeyOf(request, ring: RingOf(new string('k', 32))).Value;

        Assert.That(value, Does.Match("^3[0-9a-f]{64}$"));
        Assert.That(KeyOf(request, ring: RingOf(new string('k', 32))).Value, Is.EqualTo(value), "the same installation");
        Assert.That(KeyOf(request, ring: RingOf(new string('l', 32))).Value, Is.Not.EqualTo(value), "another one");
        (CacheKeyRing one, CacheKeyRing other) = (RingOf(null), RingOf(null));
        Assert.That(KeyOf(request, ring: one).Value, Is.Not.EqualTo(KeyOf(request, ring: other).Value), "processes without a key");
        Assert.That(KeyOf(request, ring: RingOf(new string('k', 32))).ToString(), Is.EqualTo(value));
    }

    [Test]
    public void Rented_key_is_used_again_and_an_owned_one_isnt()
    {
        CacheKey.TryRent(new LlmRequest("a"), CacheScope.Tenant, Ring, out CacheKey? rented);
        CacheKey owned = rented!.ToOwned();
        string value = owned.Value;
        rented.Return();
        CacheKey.TryRent(new LlmRequest("b"), CacheScope.Tenant, Ring, out CacheKey? next);

        Assert.That(next, Is.SameAs(rented));
        Assert.That(next, Is.Not.EqualTo(owned));
        Assert.That(owned.Value, Is.EqualTo(value));
        Assert.That(owned.ToOwned(), Is.SameAs(owned));
        Assert.That(owned.Equals((object)KeyOf(new LlmRequest("a"))));
        Assert.That(owned.Equals(null), Is.False);
    }

    [Test]
    public void Named_key_equals_its_namesake_only()
    {
        (CacheKey key, CacheKey namesake, CacheKey other) = (new CacheKey("k"), new CacheKey("k"), new CacheKey("l"));
        Assert.That(key, Is.EqualTo(namesake).And.Not.EqualTo(other));
        Assert.That(key.Value, Is.EqualTo("k"));
        Assert.That(key.Digest.ToArray(), Is.EqualTo(namesake.Digest.ToArray()).And.Not.EqualTo(other.Digest.ToArray()));
    }

    [Test]
    public void Request_whose_answer_depends_on_more_is_not_cached([ValueSource(nameof(Uncacheable))] ChatOptions options) =>
        Assert.That(CacheKey.TryRent(new LlmRequest("x") { Options = options }, CacheScope.Tenant, Ring, out _), Is.False);

    private static IEnumerable<ChatOptions> Uncacheable() =>
    [
        new ChatOptions { ConversationId = "c" },
        new ChatOptions { RawRepresentationFactory = _ => null },
        new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) },
        new ChatOptions { Tools = [new HostedWebSearchTool()] },
        new ChatOptions { AdditionalProperties = new() { ["type"] = typeof(string) } },
    ];

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    private static CacheKey KeyOf(LlmRequest request, CacheScope scope = CacheScope.Tenant, CacheKeyRing? ring = null)
    {
        Assert.That(CacheKey.TryRent(request, scope, ring ?? Ring, out CacheKey? key));
        CacheKey owned = key!.ToOwned();
        key.Return();
        return owned;
    }
}
