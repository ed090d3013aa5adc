using System.Reflection;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Caching;

internal sealed class CanonicalRequestTests
{
    /// <summary>Every member of a request has a decision; a new one fails the test below until somebody decides.</summary>
    private static readonly Dictionary<string, string> Decisions = new()
    {
        ["LlmRequest.Messages"] = "in",
        ["LlmRequest.Options"] = "in, by member",
        ["LlmRequest.Requirements"] = "in, by member",
        ["LlmRequest.Context"] = "by member",
        ["LlmRequest.Caching"] = "out: says how to use the cache",
        ["LlmRequest.RoutingPolicy"] = "in: another policy may ask another model",
        ["LlmRequest.Kind"] = "out: only chat is cached",
        ["LlmRequestContext.TenantId"] = "in: the partition",
        ["LlmRequestContext.UserId"] = "out: tenants share answers among their users",
        ["LlmRequestContext.TeamId"] = "out, as the user",
        ["LlmRequestContext.KeyId"] = "out, as the user",
        ["LlmRequestContext.Operation"] = "out: a name for people",
        ["LlmRequestContext.Tags"] = "out: labels for records",
        ["LlmRequestContext.TraceId"] = "out",
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
        ["ChatOptions.ContinuationToken"] = "not cached",
        ["ChatOptions.RawRepresentationFactory"] = "not cached: what it makes can't be compared",
        ["ChatOptions.AdditionalProperties"] = "in",
    };

    [Test]
    public void Every_member_of_a_request_is_decided_on()
    {
        IEnumerable<string> members = new[] { typeof(LlmRequest), typeof(LlmRequestContext), typeof(ModelRequirements), typeof(ChatOptions) }
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Where(p => p.DeclaringType == t && p.Name != "EqualityContract" && (p.GetMethod!.IsPublic || p.GetMethod.IsAssembly))
                .Select(p => $"{t.Name}.{p.Name}"));
        Assert.That(members, Is.EquivalentTo(Decisions.Keys));
    }

    private static IEnumerable<TestCaseData> Differences()
    {
        yield return Case("text", r => new LlmRequest("hello!"));
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
        foreach ((string name, ChatOptions options) in Options())
        {
            yield return Case(name, r => r with { Options = options });
        }
    }

    private static IEnumerable<(string Name, ChatOptions Options)> Options()
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
        yield return ("extras", new ChatOptions { AdditionalProperties = new() { ["x"] = 1 } });
    }

    private static TestCaseData Case(string name, Func<LlmRequest, LlmRequest> change) => new(change) { TestName = $"Difference_changes_the_key({name})" };

    [TestCaseSource(nameof(Differences))]
    public void Difference_changes_the_key(Func<LlmRequest, LlmRequest> change)
    {
        var request = new LlmRequest("hello");
        Assert.That(Digest(change(request)), Is.Not.EqualTo(Digest(request)));
    }

    [Test]
    public void All_differences_have_keys_of_their_own()
    {
        string[] digests = [.. Differences().Select(d => Digest(((Func<LlmRequest, LlmRequest>)d.Arguments[0]!)(new LlmRequest("hello"))))];
        Assert.That(digests, Is.Unique);
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
        Assert.That(Digest(same), Is.EqualTo(Digest(request)));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool Equal_texts_have_equal_keys_and_others_have_not(string? a, string? b) =>
        (Digest(new LlmRequest(a ?? "")) == Digest(new LlmRequest(b ?? ""))) == ((a ?? "") == (b ?? ""));

    [Test]
    public void Request_whose_answer_depends_on_more_is_not_cached()
    {
        Assert.That(CanonicalRequest.TryDigest(new LlmRequest("x") { Options = new ChatOptions { ConversationId = "c" } }, out _), Is.False);
        Assert.That(CanonicalRequest.TryDigest(new LlmRequest("x") { Options = new ChatOptions { RawRepresentationFactory = _ => null } }, out _), Is.False);
    }

    private static string Digest(LlmRequest request)
    {
        Assert.That(CanonicalRequest.TryDigest(request, out string? digest));
        return digest!;
    }
}
