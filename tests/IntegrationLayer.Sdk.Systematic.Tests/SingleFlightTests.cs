using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Systematic.Tests.Broken;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Identical requests at once, through the whole SDK and under many schedules: one call, an outcome for everybody, and nobody ends the call of others.</summary>
internal sealed class SingleFlightTests
{
    private const string Question = "Who is there?";

    [Test]
    [Property("FaultMatrix", "42")]
    public void Identical_requests_make_one_call() => ExploreClient(OneCallAsync);

    [Test]
    public void Sharing_without_a_lock_is_caught() => Explorer.ShouldFind(() =>
    {
        YieldingClient model = new();
        return OneCallAsync(new RacyFlights(model), model);
    });

    // Both are on board before the leader cancels: there is one call, and the other has its answer.
    [Test]
    public void Leader_who_cancels_hands_over() => ExploreClient(async (client, model) =>
    {
        using CancellationTokenSource impatient = new();
        Task<LlmResponse> leader = client.GetResponseAsync(Question, impatient.Token);
        Task<LlmResponse> follower = client.GetResponseAsync(Question);
        Task cancelling = Task.Run(impatient.Cancel);
        LlmResponse answer = await follower;
        await cancelling;
        await IsCancelledAsync(leader);
        Specification.Assert(answer.Text == "small" && model.Cancelled == 0, $"the follower got '{answer.Text}'");
        Specification.Assert(model.Calls.Count == 1, $"{model.Calls.Count} calls");
    });

    [Test]
    public void Call_goes_on_as_long_as_anybody_wants_it_and_not_longer() => Explorer.Explore(() => LeaveAsync(static flight => flight.Leave(unlessLast: false)));

    [Test]
    public void Leaving_without_counting_is_caught() => Explorer.ShouldFind(() => LeaveAsync(static flight =>
    {
        // As a leader would who takes the call for its own.
        flight.Leave(unlessLast: false);
        flight.Leave(unlessLast: false);
    }));

    [Test]
    public void Failure_reaches_everybody() => ExploreClient(
        async (client, model) =>
        {
            var tasks = new Task<bool>[3];
            for (int i = 0; i < tasks.Length; i++)
            {
                tasks[i] = Task.Run(async () =>
                {
                    try
                    {
                        await client.GetResponseAsync(Question);
                        return false;
                    }
                    catch (LlmException)
                    {
                        return true;
                    }
                });
            }

            bool[] failed = await Task.WhenAll(tasks);
            Specification.Assert(failed.All(each => each), "somebody was answered");
        },
        static _ => true);

    private static async Task OneCallAsync(ILlmClient client, YieldingClient model)
    {
        var tasks = new Task<LlmResponse>[3];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(() => client.GetResponseAsync(Question));
        }

        LlmResponse[] answers = await Task.WhenAll(tasks);
        int calls = model.Calls.Count;
        Specification.Assert(calls == 1, $"{calls} calls");
        Specification.Assert(answers.All(answer => answer.Text == "small"), "somebody got another answer");
    }

    private static async Task LeaveAsync(Action<Flight> leave)
    {
        FlightTable table = new(Options.Create(new ExactMatchCacheOptions()));
        CacheKey key = new("who");
        var tasks = new Task<Flight>[3];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(async () =>
            {
                FlightRole role;
                Flight? flight;
                while ((role = table.Enter(key, table.Landings(key), stamp: 0, out flight)) is FlightRole.LookAgain)
                {
                    await Task.Yield();
                }

                Specification.Assert(role is FlightRole.Leader or FlightRole.Follower, $"{role}");
                await Task.Yield();
                Specification.Assert(!flight!.Token.IsCancellationRequested, "the call was ended while somebody waited for it");
                leave(flight);
                return flight;
            });
        }

        Flight[] flights = await Task.WhenAll(tasks);
        Specification.Assert(flights.All(flight => flight.Token.IsCancellationRequested), "a call goes on that nobody waits for");
        Specification.Assert(table.Count == 0, "a call is still open to be joined");
    }

    private static async Task<bool> IsCancelledAsync(Task<LlmResponse> task)
    {
        try
        {
            await task;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    // A client for each schedule: Coyote takes over the locks that are made within one.
    private static void ExploreClient(Func<ILlmClient, YieldingClient, Task> test, Func<string, bool>? fails = null) => Explorer.Explore(async () =>
    {
        YieldingClient model = new() { Fails = fails ?? (static _ => false) };
        await using ServiceProvider provider = Sdk.Create(model);
        await test(provider.GetRequiredService<ILlmClient>(), model);
    });
}
