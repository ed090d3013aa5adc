using IntegrationLayer.Sdk.Budgets;
using IntegrationLayer.Sdk.Redis.Budgets;
using IntegrationLayer.Sdk.Systematic.Tests.Broken;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Time.Testing;

namespace IntegrationLayer.Sdk.Systematic.Tests;

/// <summary>Spending out of leases while messages about them are under way, lost and repeated, under many schedules.</summary>
internal sealed class LeaseTests
{
    private static readonly BudgetLimit Limit = new(new BudgetScope(BudgetScopeKind.Tenant, "acme"), 40m, BudgetWindow.Total) { Unit = BudgetUnit.Tokens };

    private static readonly FakeTimeProvider Clock = new();

    [Test]
    [Property("FaultMatrix", "46")]
    public void What_is_spent_out_of_leases_is_counted_once_and_never_exceeds_the_limit() => Explorer.Explore(() => RaceAsync(new LeaseServer(Limit.Count)));

    [Test]
    public void Server_that_reads_a_repeated_message_twice_is_caught() => Explorer.ShouldFind(() => RaceAsync(new ForgetfulLeaseServer(Limit.Count)));

    private static async Task RaceAsync(LeaseServer server)
    {
        LeaseBook[] books = [Book("a"), Book("b")];
        long spent = 0;

        async Task SpendAsync(LeaseBook book, long tokens)
        {
            for (int i = 0; i < 3; i++)
            {
                LeaseAccount account = book.AccountOf(Window());
                BudgetDemand demand = new([Limit], [new BudgetChoice(new BudgetAmount(0, tokens))], TimeSpan.FromMinutes(1));
                if (book.TryReserve([(account, 0)], demand, replaced: null, default, out _) is { } hold)
                {
                    book.MarkSent(hold);
                    await Task.Yield();
                    book.Settle(hold, new BudgetAmount(0, tokens - 1));
                    Interlocked.Add(ref spent, tokens - 1);
                    book.Settle(hold, new BudgetAmount(0, tokens));
                }

                await Task.Yield();
            }
        }

        async Task RenewAsync(LeaseBook book, bool losesAnswers)
        {
            for (int i = 0; i < 3; i++)
            {
                foreach (LeaseMessage message in book.Write(static _ => true, isRecall: i == 2))
                {
                    LeaseReply reply = server.Read(message);
                    CheckLimit(server);
                    await Task.Yield();
                    if (!losesAnswers || i % 2 == 1)
                    {
                        book.Take(message, reply, Clock.GetTimestamp());
                    }
                }
            }
        }

        await Task.WhenAll(
        [
            Task.Run(() => SpendAsync(books[0], 3)),
            Task.Run(() => SpendAsync(books[0], 5)),
            Task.Run(() => SpendAsync(books[1], 4)),
            Task.Run(() => RenewAsync(books[0], losesAnswers: true)),
            Task.Run(() => RenewAsync(books[1], losesAnswers: false)),
        ]);
        foreach (LeaseBook book in books)
        {
            await RenewAsync(book, losesAnswers: false);
            book.CloseAll();
            book.TakeOver().ForEach(server.Settle);
        }

        Specification.Assert(server.Counts == (spent, 0), $"{server.Counts} instead of {spent}");
    }

    private static void CheckLimit(LeaseServer server)
    {
        (long used, long held) = server.Counts;
        Specification.Assert(used + held <= Limit.Count, $"used {used}, held {held}");
    }

    private static CountedWindow Window() => new(new RedisCounter(Limit, "il").At(DateTimeOffset.UnixEpoch), [(Limit, 0)]);

    private static LeaseBook Book(string instance) => new(Clock, instance)
    {
        Duration = TimeSpan.FromMinutes(1),
        Tuning = new LeaseTuning { Hot = 1, Fewest = 2, Least = 1 },
    };
}
