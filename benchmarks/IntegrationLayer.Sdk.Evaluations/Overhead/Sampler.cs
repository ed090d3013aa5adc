using System.Diagnostics;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>Makes calls and takes the figures.</summary>
internal sealed class Sampler
{
    private int _asked;

    /// <summary>Calls until the code is compiled as well as it will be.</summary>
    public async Task WarmUpAsync(Contender contender, bool isStream, TimeSpan time)
    {
        using IDisposable? watch = contender.Watch();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            await CallAsync(contender, isStream);
        }
    }

    /// <summary>Makes a round of calls: one after another for latency and allocations, then many at once for throughput and processor time.</summary>
    /// <remarks>
    /// Processor time is taken of both, but what counts is that of many at once: a process that makes one call at a time spends more of it on falling
    /// asleep and being woken for every answer than on the call, and how much that costs changes with the machine's idle state.
    /// </remarks>
    public async Task<Sample> TakeAsync(Contender contender, bool isStream, int calls)
    {
        using IDisposable? watch = contender.Watch();
        double[] latencies = new double[calls];
        double[] firsts = new double[calls];
        await MakeAsync(contender, isStream, Math.Max(20, calls / 20));
        GC.Collect();

        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < calls; i++)
        {
            long sentAt = Stopwatch.GetTimestamp();
            long firstAt = await CallAsync(contender, isStream);
            latencies[i] = Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds;
            firsts[i] = Stopwatch.GetElapsedTime(sentAt, firstAt).TotalMicroseconds;
        }

        TimeSpan serial = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        (double rps, double busy) = await MeasureManyAsync(contender, isStream, calls);
        Array.Sort(latencies);
        Array.Sort(firsts);
        return new Sample(
            rps, latencies[calls / 2], latencies[calls * 99 / 100], allocated / (double)calls, busy, serial.TotalMicroseconds / calls, firsts[calls / 2]);
    }

    private async Task<(double Rps, double CpuUs)> MeasureManyAsync(Contender contender, bool isStream, int calls)
    {
        var each = new Task[OverheadSettings.Concurrency];
        int share = Math.Max(1, calls / each.Length);
        await Task.WhenAll(Enumerable.Range(0, each.Length).Select(_ => MakeAsync(contender, isStream, 2)));
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < each.Length; i++)
        {
            each[i] = Task.Run(() => MakeAsync(contender, isStream, share));
        }

        await Task.WhenAll(each);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        int made = share * each.Length;
        return (made / seconds, cpu.TotalMicroseconds / made);
    }

    private async Task MakeAsync(Contender contender, bool isStream, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            await CallAsync(contender, isStream);
        }
    }

    private async Task<long> CallAsync(Contender contender, bool isStream)
    {
        string question = ProviderAnswers.Question(Interlocked.Increment(ref _asked));
        (int length, long firstAt) = isStream
            ? await contender.StreamAsync(question)
            : (await contender.AskAsync(question), Stopwatch.GetTimestamp());
        return length == ProviderAnswers.TextLength
            ? firstAt
            : throw new InvalidOperationException($"{contender.Name} read {length} characters of {ProviderAnswers.TextLength}.");
    }
}
