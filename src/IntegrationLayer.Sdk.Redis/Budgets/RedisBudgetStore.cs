using IntegrationLayer.Sdk.Budgets;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>Runs the scripts. Each is one round trip, and counts in all windows or in none.</summary>
internal sealed class RedisBudgetStore(RedisDependency redis, RedisClock clock)
{
    /// <summary>Reserves; with a hold to replace, settles that one in the same round trip.</summary>
    public async ValueTask<ReserveReply> ReserveAsync(
        string id, IReadOnlyList<CountedWindow> windows, BudgetDemand demand, int firstChoice, Replacement? replaced, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = new((windows.Count + (replaced?.Hold.Windows.Count ?? 0)) * RedisWindow.Keys);
        List<RedisValue> arguments = [clock.Shift()];
        replaced?.Add(replaced.Hold.Windows, keys, arguments);
        arguments.Add(windows.Count);
        arguments.Add(id);
        arguments.Add((long)demand.TimeToLive.TotalMilliseconds);
        arguments.Add(demand.Choices.Count - firstChoice);
        int cheapest = BudgetChoices.Cheapest(demand.Choices);
        arguments.Add(Math.Max(1, cheapest - firstChoice + 1));
        foreach (CountedWindow counted in windows)
        {
            counted.Window.AddKeys(keys);
            counted.Window.AddArguments(arguments);
            arguments.Add(counted.Most is { } most ? most : RedisValue.EmptyString);
        }

        for (int i = firstChoice; i < demand.Choices.Count; i++)
        {
            BudgetChoice choice = demand.Choices[i];
            foreach (CountedWindow counted in windows)
            {
                arguments.Add(!counted.Counts(choice) ? "-" : choice.Amount.CountIn(counted.Unit) is { } count ? count : "?");
            }
        }

        RedisResult reply = await RunAsync(replaced is null ? RedisScript.Reserve : RedisScript.Replace, keys, arguments, cancellationToken).ConfigureAwait(false);
        return replaced is null
            ? Learn(new ReserveReply(reply, firstChoice))
            : Learn(new ReserveReply(reply[1], firstChoice) { Settled = reply[0] });
    }

    /// <summary>Settles in some windows, and tells what each had used before and has now.</summary>
    public async ValueTask<RedisResult> SettleAsync(Replacement settlement, IReadOnlyList<CountedWindow> windows, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = new(windows.Count * RedisWindow.Keys);
        List<RedisValue> arguments = [clock.Shift()];
        settlement.Add(windows, keys, arguments);
        return await RunAsync(RedisScript.Settle, keys, arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes that a call goes out.</summary>
    /// <returns>Whether its reservation is still held.</returns>
    public async ValueTask<bool> MarkAsync(string id, IReadOnlyList<CountedWindow> windows, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = new(windows.Count * RedisWindow.Keys);
        List<RedisValue> arguments = [clock.Shift(), id, windows.Count];
        foreach (CountedWindow counted in windows)
        {
            counted.Window.AddKeys(keys);
            counted.Window.AddArguments(arguments);
        }

        return (int)await RunAsync(RedisScript.Mark, keys, arguments, cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Reads counts.</summary>
    public async ValueTask<ReserveReply> GetUsageAsync(IReadOnlyList<CountedWindow> windows, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = new(windows.Count * RedisWindow.Keys);
        List<RedisValue> arguments = [clock.Shift(), windows.Count];
        foreach (CountedWindow counted in windows)
        {
            counted.Window.AddKeys(keys);
            counted.Window.AddArguments(arguments);
        }

        return Learn(new ReserveReply(await RunAsync(RedisScript.Usage, keys, arguments, cancellationToken).ConfigureAwait(false), 0));
    }

    /// <summary>Tells what was used out of leases, and asks for more.</summary>
    /// <returns>The answers, and which windows' reservations expired and what they were charged.</returns>
    public async ValueTask<(LeaseReply[] Replies, List<(int Window, long Charged)> Expired)> RenewAsync(
        LeaseMessage[] messages, TimeSpan duration, LeaseTuning tuning, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = new(messages.Length * (RedisWindow.Keys + 1));
        List<RedisValue> arguments = [clock.Shift(), (long)duration.TotalMilliseconds, (long)tuning.Recall.TotalMilliseconds, tuning.Share, messages.Length];
        foreach (LeaseMessage message in messages)
        {
            message.Add(keys, arguments);
        }

        RedisResult reply = await RunAsync(RedisScript.Lease, keys, arguments, cancellationToken).ConfigureAwait(false);
        clock.Learn((long)reply[0]);
        List<(int, long)> expired = [];
        for (int i = 0; i < reply[1].Length; i += 2)
        {
            expired.Add(((int)reply[1][i] - 1, (long)reply[1][i + 1]));
        }

        return ([.. Enumerable.Range(2, messages.Length).Select(i => LeaseReply.Of(reply[i]))], expired);
    }

    /// <summary>Asks for what lies idle in leases.</summary>
    /// <returns>Whether other processes have anything.</returns>
    public async ValueTask<bool> RecallAsync(string instance, TimeSpan duration, IReadOnlyList<CountedWindow> windows, CancellationToken cancellationToken)
    {
        RedisResult reply = await RunAsync(
            RedisScript.Recall,
            [.. windows.SelectMany(static w => (RedisKey[])[w.Window.Counts, w.Window.Leases])],
            [clock.Shift(), instance, (long)duration.TotalMilliseconds, windows.Count],
            cancellationToken).ConfigureAwait(false);
        return Enumerable.Range(0, windows.Count).Any(i => (long)reply[i] > 0);
    }

    /// <summary>Gets from when on budgets may be spent, and the server's time.</summary>
    public async ValueTask<(DateTimeOffset From, DateTimeOffset Now)> GetEpochAsync(RedisKey epoch, TimeSpan delayIfMissing, CancellationToken cancellationToken)
    {
        RedisResult reply = await RunAsync(RedisScript.Epoch, [epoch], [clock.Shift(), (long)delayIfMissing.TotalMilliseconds], cancellationToken).ConfigureAwait(false);
        return (DateTimeOffset.FromUnixTimeMilliseconds((long)reply[0]), DateTimeOffset.FromUnixTimeMilliseconds((long)reply[1]));
    }

    public async ValueTask BeginAsync(RedisKey register, CancellationToken cancellationToken) =>
        await RunAsync(RedisScript.Begin, [register], [clock.Shift()], cancellationToken).ConfigureAwait(false);

    public async ValueTask SeedAsync(RedisWindow window, long used, CancellationToken cancellationToken)
    {
        List<RedisKey> keys = [];
        List<RedisValue> arguments = [clock.Shift()];
        window.AddKeys(keys);
        window.AddArguments(arguments);
        arguments.Add(used);
        await RunAsync(RedisScript.Seed, keys, arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets a key unless it exists.</summary>
    /// <returns>Whether it was set.</returns>
    public ValueTask<bool> SetFirstAsync(RedisKey key, TimeSpan? timeToLive, CancellationToken cancellationToken) => redis.RunAsync(
        static (database, set) => database.StringSetAsync(set.key, "1", set.timeToLive, When.NotExists), (key, timeToLive), cancellationToken);

    /// <summary>Puts aside keys that hold something else than counters, and tells their names.</summary>
    /// <param name="window">Whose keys.</param>
    /// <param name="isUnreadable">Whether the counts can't be read although their key is a hash.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<IReadOnlyList<string>> QuarantineAsync(RedisWindow window, bool isUnreadable, CancellationToken cancellationToken)
    {
        List<string> moved = [];
        foreach ((RedisKey key, RedisType type) in ((RedisKey, RedisType)[])
            [(window.Counts, RedisType.Hash), (window.Expiries, RedisType.SortedSet), (window.Counter.Register, RedisType.SortedSet), (window.Leases, RedisType.Hash)])
        {
            RedisType found = await redis.RunAsync(static (database, k) => database.KeyTypeAsync(k), key, cancellationToken).ConfigureAwait(false);
            if (found is RedisType.None || (found == type && !(isUnreadable && type is RedisType.Hash)))
            {
                continue;
            }

            RedisKey aside = $"{key}:quarantine:{clock.Now.ToUnixTimeMilliseconds()}";
            await redis.RunAsync(static (database, rename) => database.KeyRenameAsync(rename.key, rename.aside), (key, aside), cancellationToken).ConfigureAwait(false);
            moved.Add(key!);
        }

        return moved;
    }

    private ValueTask<RedisResult> RunAsync(string script, List<RedisKey> keys, List<RedisValue> arguments, CancellationToken cancellationToken) => redis.RunAsync(
        static (database, call) => database.ScriptEvaluateAsync(call.script, call.keys, call.arguments),
        (script, keys: keys.ToArray(), arguments: arguments.ToArray()),
        cancellationToken);

    private ReserveReply Learn(ReserveReply reply)
    {
        clock.Learn(reply.Now);
        return reply;
    }
}
