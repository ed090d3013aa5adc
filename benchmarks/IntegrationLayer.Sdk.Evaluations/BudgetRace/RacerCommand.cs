using System.Globalization;
using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Redis.Budgets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>One process of the race: workers that call the model through the SDK, one call after the other, until standard input ends.</summary>
internal static class RacerCommand
{
    private static readonly TimeSpan PauseAfterDenial = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(string[] args)
    {
        (string redis, string provider, string name, string folder) = (args[0], args[1], args[2], args[3]);
        int workers = int.Parse(args[4], CultureInfo.InvariantCulture);
        RaceBudget budget = new(decimal.Parse(args[5], CultureInfo.InvariantCulture), args[6] == "lease");
        using RaceJournal journal = new(Path.Combine(folder, name));
        await using ServiceProvider services = Build(budget, redis, provider, workers);
        ILlmClient client = services.GetRequiredService<ILlmClient>();
        using CancellationTokenSource stop = new();
        Task[] running = [.. Enumerable.Range(0, workers).Select(worker => Task.Run(() => RaceAsync(client, journal, $"{name}.{worker}", stop.Token)))];
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return 0;
    }

    private static ServiceProvider Build(RaceBudget budget, string redis, string provider, int workers)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddFilter(static _ => false));
        services.AddSingleton<IBudgetHistory>(budget);
        services.AddIntegrationLayer(options =>
        {
            options.Accounts["race"] = new AccountOptions { Provider = "openai", ApiKey = "none" };
            options.Deployments.Add(new DeploymentOptions
            {
                Account = "race",
                Model = "race",
                InputPrice = RaceBudget.InputPrice,
                OutputPrice = RaceBudget.OutputPrice,
                ContextTokens = 100_000,
                MaxOutputTokens = 1_000,
            });
        })
            .UseGateway(_ => new RaceChatClient(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = workers }), provider))
            .UseBudgetPolicy(budget)
            .UseRedis(redis)
            .UseRedisBudgets(options =>
            {
                options.Mode = budget.IsLeased ? RedisBudgetMode.Lease : RedisBudgetMode.Strict;

                // Shorter than processes are frozen for.
                options.LeaseDuration = TimeSpan.FromSeconds(2);
            });
        return services.BuildServiceProvider();
    }

    // A call that was begun is finished, whatever the race does: only a kill leaves one unfinished.
    private static async Task RaceAsync(ILlmClient client, RaceJournal journal, string worker, CancellationToken stop)
    {
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            string id = $"{worker}.{number}";
            int cap = Random.Shared.Next(10, 500);
            journal.Begin(id, cap);
            LlmRequest request = new(id)
            {
                Options = new ChatOptions { MaxOutputTokens = cap },
                Context = new LlmRequestContext { Tags = new Dictionary<string, string> { ["call"] = id, ["process"] = worker[..worker.IndexOf('.', StringComparison.Ordinal)] }, TenantId = "race", Timeout = TimeSpan.FromSeconds(30) },
            };
            try
            {
                journal.End(id, (await client.GetResponseAsync(request, CancellationToken.None)).Receipt.Cost);
            }
            catch (IntegrationLayerException e)
            {
                // Denied, or Redis is away, or the call failed and what it may have cost was charged.
                journal.End(id, e is LlmException { Attempts: [var attempt, ..] } ? attempt.Cost : LlmCost.None);
                await Task.Delay(PauseAfterDenial, CancellationToken.None);
            }
        }
    }
}
