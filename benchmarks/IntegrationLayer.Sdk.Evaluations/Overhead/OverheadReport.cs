using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>Presents the medians: of each figure, and of the ratios of figures taken in the same round, which drift together.</summary>
internal sealed class OverheadReport(
    OverheadSettings settings, int rounds, IReadOnlyDictionary<string, List<Sample>> whole, IReadOnlyDictionary<string, List<Sample>> streamed)
{
    public void WriteJson(Stream output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        WriteMachine(writer);
        Write(writer, "contenders", whole);
        Write(writer, "stream", streamed);
        writer.WriteStartObject("ratios");
        foreach ((string name, double? value) in Ratios())
        {
            if (value is { } known)
            {
                writer.WriteNumber(name, Math.Round(known, 3));
            }
            else
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors");
        output.WriteLine(
            $"{rounds} interleaved rounds of {settings.Calls} calls ({settings.Calls / 5} streams of {ProviderAnswers.Chunks} chunks), then as many {OverheadSettings.Concurrency} at once for rps and cpu; medians of the rounds.");
        output.WriteLine($"The SDK routes over {Deployments.Count} deployments. Provider: Kestrel on loopback, another process.");
        Write(output, "Whole answers", whole);
        Write(output, "Streams", streamed);
        output.WriteLine();
        foreach ((string name, double? value) in Ratios())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {value:0.00}"));
        }
    }

    private IEnumerable<(string Name, double? Value)> Ratios()
    {
        yield return ("sdk_vs_raw_cpu", Ratio(whole, "sdk", "raw", s => s.CpuUs));
        yield return ("sdk_otel_vs_raw_cpu", Ratio(whole, "sdk_otel", "raw", s => s.CpuUs));
        yield return ("sdk_otel_vs_meai_full_cpu", Ratio(whole, "sdk_otel", "meai_full", s => s.CpuUs));
        yield return ("sdk_alloc_bytes", Of(whole, "sdk", s => s.AllocBytes));
        yield return ("stream_sdk_vs_raw_cpu", Ratio(streamed, "sdk", "raw", s => s.CpuUs));
        yield return ("stream_sdk_alloc_bytes", Of(streamed, "sdk", s => s.AllocBytes));
        yield return ("serial_sdk_vs_raw_cpu", Ratio(whole, "sdk", "raw", s => s.SerialCpuUs));
        yield return ("serial_sdk_otel_vs_meai_full_cpu", Ratio(whole, "sdk_otel", "meai_full", s => s.SerialCpuUs));
        yield return ("serial_stream_sdk_vs_raw_cpu", Ratio(streamed, "sdk", "raw", s => s.SerialCpuUs));
        yield return ("sdk_vs_raw_rps", Ratio(whole, "sdk", "raw", s => s.Rps));
        yield return ("stream_sdk_first_token_extra_us", Compare(streamed, "sdk", "raw", (sdk, raw) => sdk.FirstTokenUs - raw.FirstTokenUs));
    }

    private static double? Ratio(IReadOnlyDictionary<string, List<Sample>> samples, string of, string to, Func<Sample, double> figure) =>
        Compare(samples, of, to, (left, right) => figure(left) / figure(right));

    private static double? Compare(
        IReadOnlyDictionary<string, List<Sample>> samples, string of, string to, Func<Sample, Sample, double> comparison) =>
        samples.TryGetValue(of, out List<Sample>? left) && samples.TryGetValue(to, out List<Sample>? right)
            ? Sample.Median(left.Zip(right, comparison))
            : null;

    private static double? Of(IReadOnlyDictionary<string, List<Sample>> samples, string name, Func<Sample, double> figure) =>
        samples.TryGetValue(name, out List<Sample>? some) ? Sample.Median(some.Select(figure)) : null;

    private void WriteMachine(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("settings");
        writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        writer.WriteString("os", RuntimeInformation.OSDescription);
        writer.WriteNumber("processors", Environment.ProcessorCount);
        writer.WriteNumber("rounds", rounds);
        writer.WriteNumber("calls", settings.Calls);
        writer.WriteNumber("concurrency", OverheadSettings.Concurrency);
        writer.WriteNumber("deployments", Deployments.Count);
        writer.WriteNumber("chunks", ProviderAnswers.Chunks);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string section, IReadOnlyDictionary<string, List<Sample>> samples)
    {
        writer.WriteStartObject(section);
        foreach ((string name, List<Sample> some) in samples)
        {
            Sample sample = Sample.Median(some);
            writer.WriteStartObject(name);
            writer.WriteNumber("rps", Math.Round(sample.Rps));
            writer.WriteNumber("p50_us", Math.Round(sample.P50Us, 1));
            writer.WriteNumber("p99_us", Math.Round(sample.P99Us, 1));
            writer.WriteNumber("alloc_bytes", Math.Round(sample.AllocBytes));
            writer.WriteNumber("cpu_us", Math.Round(sample.CpuUs, 1));
            writer.WriteNumber("serial_cpu_us", Math.Round(sample.SerialCpuUs, 1));
            writer.WriteNumber("first_token_us", Math.Round(sample.FirstTokenUs, 1));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(TextWriter output, string title, IReadOnlyDictionary<string, List<Sample>> samples)
    {
        output.WriteLine();
        output.WriteLine($"{title,-14} {"rps",9} {"p50 µs",9} {"p99 µs",9} {"bytes",9} {"cpu µs",9} {"1 at once",9} {"first µs",9}");
        foreach ((string name, List<Sample> some) in samples)
        {
            Sample s = Sample.Median(some);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-14} {s.Rps,9:0} {s.P50Us,9:0.0} {s.P99Us,9:0.0} {s.AllocBytes,9:0} {s.CpuUs,9:0.0} {s.SerialCpuUs,9:0.0} {s.FirstTokenUs,9:0.0}"));
        }
    }
}
