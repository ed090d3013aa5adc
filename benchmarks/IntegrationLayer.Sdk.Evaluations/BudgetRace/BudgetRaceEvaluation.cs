using System.Diagnostics;
using System.Globalization;
using IntegrationLayer.Sdk.TestSupport.Processes;
using IntegrationLayer.Sdk.TestSupport.Redis;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>Several processes race for one budget on a real Redis, while they and Redis are killed, frozen and restarted.</summary>
internal sealed class BudgetRaceEvaluation(RaceSettings settings) : IAsyncDisposable
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("il-race-");
    private readonly List<(string Name, ChildProcess Process)> _racers = [];
    private readonly HashSet<string> _killed = [];
    private readonly RaceBudget _budget = new(settings.LimitUsd, settings.IsLeased);
    private readonly Random _random = new(1);
    private int _started;
    private int _kills;

    public static async Task<int> RunAsync(string[] args)
    {
        RaceSettings settings = RaceSettings.Parse(args);
        await using BudgetRaceEvaluation race = new(settings);
        RaceReport report = await race.RunAsync();
        if (settings.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            report.WriteJson(output);
        }
        else
        {
            report.WriteText(Console.Out);
        }

        return report.IsGood ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, ChildProcess racer) in _racers)
        {
            await racer.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<RaceReport> RunAsync()
    {
        await using RedisServer redis = await RedisServer.StartNewAsync(isDurable: true);
        await using RaceProvider provider = await RaceProvider.StartAsync();
        await using RaceAudit audit = new(redis.ConnectionString, _budget);
        await audit.BeginAsync();
        for (int i = 0; i < settings.Processes; i++)
        {
            _racers.Add(Start(redis, provider));
        }

        using CancellationTokenSource finish = new();
        Task watching = audit.WatchAsync(finish.Token);
        await DisturbAsync(redis, provider);
        foreach ((_, ChildProcess racer) in _racers)
        {
            await racer.StopAsync();
        }

        await finish.CancelAsync();
        await watching;
        RaceReport report = await audit.CompareAsync(provider.Bill, _folder.FullName, _killed);
        return report with { Kills = _kills };
    }

    // The last seconds are calm, so that what waits for Redis can be settled.
    private async Task DisturbAsync(RedisServer redis, RaceProvider provider)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan whole = TimeSpan.FromSeconds(settings.Seconds);
        await Task.Delay(whole / 5);
        while (Stopwatch.GetElapsedTime(start) < whole - Calm)
        {
            switch (_random.Next(6))
            {
                case 0 or 1:
                    int victim = _random.Next(_racers.Count);
                    await _racers[victim].Process.DisposeAsync();
                    _killed.Add(_racers[victim].Name);
                    _racers[victim] = Start(redis, provider);
                    _kills++;
                    break;
                case 2:
                    await redis.StopAsync();
                    await Task.Delay(_random.Next(400));
                    await redis.StartAsync();
                    _kills++;
                    break;
                case 3:
                    ChildProcess frozen = _racers[_random.Next(_racers.Count)].Process;
                    frozen.Pause();
                    await Task.Delay(_random.Next(3_000));
                    frozen.Resume();
                    break;
                case 4:
                    redis.Pause();
                    await Task.Delay(_random.Next(700));
                    redis.Resume();
                    break;
                default:
                    await redis.PauseClientsAsync(TimeSpan.FromMilliseconds(_random.Next(1, 500)));
                    break;
            }

            await Task.Delay(_random.Next(200, 800));
        }

        if (whole - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }
    }

    private (string Name, ChildProcess Process) Start(RedisServer redis, RaceProvider provider)
    {
        string program = Environment.ProcessPath!;
        string name = $"racer{_started++}";
        string[] arguments =
        [
            "budget-racer", redis.ConnectionString, provider.Address, name, _folder.FullName,
            settings.Workers.ToString(CultureInfo.InvariantCulture), settings.LimitUsd.ToString(CultureInfo.InvariantCulture), settings.IsLeased ? "lease" : "strict",
        ];
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return (name, ChildProcess.Start(new ProcessStartInfo(program, isHost ? [typeof(BudgetRaceEvaluation).Assembly.Location, .. arguments] : arguments)));
    }
}
