using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

/// <summary>
/// What a request may not do first, it may not do later: residency, capability, budget and credentials hold on every way to a second deployment. By priority "lab/small" is first, then
/// "bad/bad", which the constraint rules out, then "other/large". Each case has a control: without the constraint, "bad/bad" is called.
/// </summary>
[CancelAfter(60_000)]
internal sealed class ConstraintTests
{
    private static readonly LlmException Unavailable = new("503", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider) { StatusCode = 503 };
    private static readonly LlmException Refused = new("401", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = 401 };

    public enum Constraint
    {
        Residency,
        Capability,
        Budget,
        Credentials,
    }

    [Test]
    public async Task Constraint_holds_on_failover([Values] Constraint constraint, [Values] bool isOn, [Values] bool streamed)
    {
        await using HedgeHost host = Host(constraint, isOn);
        Arrange(host, constraint, isOn, "lab/small", Unavailable);
        LlmReceipt receipt = await host.AskAsync(streamed, Request(constraint, isOn));

        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", isOn ? "other/large" : "bad/bad" }));
        Assert.That(receipt.Deployment, Is.EqualTo(isOn ? "other/large" : "bad/bad"));
    }

    [Test]
    public async Task Constraint_holds_when_the_rest_is_ranked([Values] Constraint constraint, [Values] bool isOn)
    {
        await using HedgeHost host = Host(constraint, isOn, o =>
        {
            for (int i = 0; i < 20; i++)
            {
                o.Deployments.Add(Chat("lab", $"sibling{i}", priority: 0));
            }
        });
        Arrange(host, constraint, isOn, "lab/small", Refused);
        LlmReceipt receipt = await host.AskAsync(streamed: false, Request(constraint, isOn));

        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", isOn ? "other/large" : "bad/bad" }));
        Assert.That(receipt.Attempts[0].Error, Is.EqualTo(LlmErrorClass.Authentication));
    }

    [Test]
    public async Task Constraint_holds_for_a_second_call([Values] Constraint constraint, [Values] bool isOn)
    {
        await using HedgeHost host = Host(constraint, isOn, o => o.Resilience.Hedging.Enabled = true);
        await host.EarnAsync();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Arrange(host, constraint, isOn, "lab/small", failure: null);
        Func<CancellationToken, Task>? arranged = host.On.GetValueOrDefault("lab/small");
        host.On["lab/small"] = async token =>
        {
            await (arranged?.Invoke(token) ?? Task.CompletedTask);
            await slow.Task;
        };
        Task<LlmReceipt> answer = host.AskAsync(streamed: false, Request(constraint, isOn));
        Task bad = host.Next("bad/bad"), large = host.Next("other/large");
        host.Time.Advance(TimeSpan.FromMilliseconds(100));
        if (!isOn)
        {
            await bad;
        }
        else if (constraint is Constraint.Residency or Constraint.Capability)
        {
            await large;
        }

        // What is found to be impossible only when it is tried is not made up for: the first call goes on alone.
        slow.SetResult();
        await answer;
        await host.QuietAsync();
        Assert.That(host.Gateway.Called.Contains("bad/bad"), Is.EqualTo(!isOn));
    }

    [Test]
    public async Task Constraint_holds_for_embeddings([Values] Constraint constraint, [Values] bool isOn)
    {
        await using HedgeHost host = Host(constraint, isOn, o =>
        {
            o.Deployments.Clear();
            o.Deployments.Add(Embedding("lab", "small", priority: 0, price: 1));
            o.Deployments.Add(Embedding("bad", "bad", priority: 1, price: constraint is Constraint.Budget ? 1_000_000 : 1));
            o.Deployments.Add(Embedding("other", "large", priority: 2, price: 100));
            Rule(o, constraint);
        });
        Arrange(host, constraint, isOn, "lab/small", Unavailable);
        LlmRequest request = Request(constraint, isOn, ModelKind.Embedding);
        (_, LlmReceipt receipt) = await host.Get<LlmPipeline>().EmbedAsync(request, ["hello"], null, CancellationToken.None);

        Assert.That(host.Gateway.Called, Is.EqualTo(new[] { "lab/small", isOn ? "other/large" : "bad/bad" }));
        Assert.That(receipt.Deployment, Is.EqualTo(isOn ? "other/large" : "bad/bad"));
    }

    private static HedgeHost Host(Constraint constraint, bool isOn, Action<IntegrationLayerOptions>? configure = null) => new(
        o =>
        {
            o.RoutingPolicy = RoutingPolicies.Priority;
            o.Resilience.Hedging.Enabled = false;
            o.Accounts["bad"] = new AccountOptions { Provider = "mistral-ai", ApiKey = "sk-bad" };
            o.Deployments.Clear();
            o.Deployments.Add(Chat("lab", "small", priority: 0, price: 0.5m));
            o.Deployments.Add(Chat("bad", "bad", priority: 1, price: constraint is Constraint.Budget ? 1_000 : 1));
            o.Deployments.Add(Chat("other", "large", priority: 2, price: 100));
            configure?.Invoke(o);
            Rule(o, constraint);
        },
        budget: constraint is Constraint.Budget && isOn ? 1 : 1_000);

    // Makes all but the bad one meet the constraint.
    private static void Rule(IntegrationLayerOptions options, Constraint constraint)
    {
        foreach (DeploymentOptions deployment in options.Deployments)
        {
            bool isBad = deployment.Account == "bad";
            if (deployment.Regions.Count == 0)
            {
                deployment.Regions.Add(isBad ? "us-east-1" : "eu-west-1");
            }

            deployment.Capabilities = isBad && constraint is Constraint.Capability ? ModelCapabilities.None : ModelCapabilities.Vision;
        }
    }

    // The credential of the bad one is refused when it has been ranked already.
    private static void Arrange(HedgeHost host, Constraint constraint, bool isOn, string first, LlmException? failure) => host.On[first] = _ =>
    {
        if (constraint is Constraint.Credentials && isOn)
        {
            host.Get<HealthRegistry>().Get(HealthKind.Account, "bad").Hear(HealthState.Benched, TimeSpan.FromHours(1));
        }

        return failure is null ? Task.CompletedTask : Task.FromException(failure);
    };

    private static LlmRequest Request(Constraint constraint, bool isOn, ModelKind kind = ModelKind.Chat) => new([new ChatMessage(ChatRole.User, "hello")])
    {
        Kind = kind,
        Requirements = !isOn ? new ModelRequirements() : constraint switch
        {
            Constraint.Residency => new ModelRequirements { Regions = ["eu-west-1"] },
            Constraint.Capability => new ModelRequirements { Capabilities = ModelCapabilities.Vision },
            _ => new ModelRequirements(),
        },
    };

    private static DeploymentOptions Chat(string account, string model, int priority, decimal price = 1) => new()
    {
        Account = account, Model = model, InputPrice = price, OutputPrice = price, MaxOutputTokens = 2_000, ContextTokens = 10_000, Priority = priority,
    };

    private static DeploymentOptions Embedding(string account, string model, int priority, decimal price) => new()
    {
        Account = account, Model = model, Kind = ModelKind.Embedding, InputPrice = price, OutputPrice = 0, ContextTokens = 8_000, Priority = priority,
    };
}
