using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart;

/// <summary>A provider fails before it has written anything: the next candidate answers, and the receipt lists both attempts.</summary>
internal static class FailoverStep
{
    public static async Task RunAsync(SampleGateway gateway)
    {
        Screen.Heading("5. Failover: the first provider is down");
        await using ServiceProvider provider = new ServiceCollection()
            .AddIntegrationLayer(options =>
            {
                gateway.Configure(options);
                AddFailingDeployment(options);
                options.RoutingPolicy = RoutingPolicies.Priority;
            })
            .Services.BuildServiceProvider();

        LlmResponse response = await provider.GetRequiredService<ILlmClient>().GetResponseAsync("Is anybody there?");
        Screen.Show(["deployment called", "result", "took", "charged"], response.Receipt.Attempts.Select(Row));
        Screen.Say($"The caller gets one answer, for {response.Receipt.Cost}.");
    }

    // At a real gateway this model does not exist, which fails just as well.
    private static void AddFailingDeployment(IntegrationLayerOptions options)
    {
        (string account, AccountOptions settings) = options.Accounts.First();
        options.Deployments.Add(new DeploymentOptions
        {
            Name = "failing", Account = account, Model = settings.Models[0], ModelId = Script.FailingModel, Priority = -1,
        });
    }

    private static string[] Row(LlmAttempt attempt) =>
    [
        attempt.Deployment,
        attempt.Error is LlmErrorClass.None ? "answered" : $"{attempt.Error} ({attempt.StatusCode})",
        FormattableString.Invariant($"{attempt.Duration.TotalMilliseconds:0} ms"),
        attempt.Cost.ToString(),
    ];
}
