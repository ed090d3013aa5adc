using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.Evaluations.Overhead;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>One contender in a process of its own, so that its memory is its own: makes the requests and writes what came of it as a line of JSON.</summary>
internal static class LoadClientCommand
{
    // Enough for the platform to have compiled everything for good.
    private const int WarmUps = 30_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        string name = args[0];
        Uri provider = new(args[1]);
        int concurrency = int.Parse(args[2], CultureInfo.InvariantCulture);
        int requests = int.Parse(args[3], CultureInfo.InvariantCulture);
        int socketsBefore = ProcessFigures.Sockets();
        using (HttpClient control = new())
        {
            LoadResult result;
            using (LoadContender contender = new(name, new Uri(provider, "v1/")))
            {
                await RunAsync(contender.Contender, concurrency: 50, new double[WarmUps]);
                using (await control.PostAsync(new Uri(provider, $"together/{concurrency}"), null))
                {
                }

                result = await RunAsync(contender.Contender, concurrency, new double[requests]);
                result = result with
                {
                    PeakRssMib = ProcessFigures.PeakRssMib(),
                    MostInFlight = int.Parse(await control.GetStringAsync(new Uri(provider, "most")), CultureInfo.InvariantCulture),
                    LeftInFlight = contender.InFlight,
                };
                using (await control.PostAsync(new Uri(provider, "together/1"), null))
                {
                }
            }

            control.Dispose();
            result = result with { SocketsBefore = socketsBefore, SocketsAfter = await SettledSocketsAsync(socketsBefore) };
            Console.WriteLine(JsonSerializer.Serialize(result, LoadJson.Default.LoadResult));
        }

        return 0;
    }

    private static async Task<LoadResult> RunAsync(Contender contender, int concurrency, double[] latencies)
    {
        (int next, int errors, string? first) = (-1, 0, null);
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] sorted = [.. latencies.Where(static l => l > 0).Order()];
        return new LoadResult
        {
            Completed = sorted.Length,
            Errors = errors,
            FirstError = first,
            Seconds = seconds,
            P50Ms = Percentile(sorted, 0.50),
            P99Ms = Percentile(sorted, 0.99),
        };

        async Task WorkAsync()
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) < latencies.Length)
            {
                long sentAt = Stopwatch.GetTimestamp();
                try
                {
                    int length = await contender.AskAsync(ProviderAnswers.Question(number));
                    if (length != ProviderAnswers.TextLength)
                    {
                        throw new InvalidOperationException($"{length} characters came of {ProviderAnswers.TextLength}.");
                    }

                    latencies[number] = Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds;
                }
                catch (Exception e)
                {
                    Interlocked.Increment(ref errors);
                    Interlocked.CompareExchange(ref first, e.Message, null);
                }
            }
        }
    }

    private static double Percentile(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * part)];

    // Closing thousands of connections takes a moment.
    private static async Task<int> SettledSocketsAsync(int before)
    {
        long began = Stopwatch.GetTimestamp();
        int now;
        while ((now = ProcessFigures.Sockets()) > before && Stopwatch.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return now;
    }
}
