using System.Globalization;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>Presents what the scenarios showed.</summary>
internal static class AvailabilityReport
{
    public static void WriteJson(IReadOnlyList<AvailabilityResult> results, Stream output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartObject("scenarios");
        foreach (AvailabilityResult result in results)
        {
            writer.WriteStartObject(result.Scenario.Name);
            Write(writer, result.Sdk);
            writer.WriteNumber("seeds", result.Sdk.Length);
            writer.WriteNumber("success_of_worst_seed", result.Sdk.Min(r => r.Success));
            writer.WriteNumber("p50_ms", result.Sdk[0].Percentile(0.5).TotalMilliseconds);
            writer.WriteNumber("p99_ms", result.Sdk[0].Percentile(0.99).TotalMilliseconds);
            writer.WriteBoolean("is_met", result.IsMet);
            writer.WriteStartObject("one_provider");
            Write(writer, result.OneProvider);
            writer.WriteEndObject();
            writer.WriteStartObject("gateway_only");
            Write(writer, result.GatewayOnly);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteText(IReadOnlyList<AvailabilityResult> results, TextWriter output)
    {
        output.WriteLine("Requests that got a whole answer, in virtual time. One provider: the SDK with the first one alone. Gateway only: a bare client with one gateway's fallback.");
        output.WriteLine();
        output.WriteLine($"{"",-4}{"requests",10}{"failures",10}{"success",11}{"worst seed",12}{"calls/request",15}{"p50",9}{"p99",9}{"one provider",14}{"gateway only",14}  promise");
        foreach (AvailabilityResult result in results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Scenario.Name,-4}{result.Sdk.Sum(r => r.Requests),10}{result.Sdk.Sum(r => r.Failures),10}{Percent(AvailabilityResult.SuccessOf(result.Sdk)),11}{Percent(result.Sdk.Min(r => r.Success)),12}{AvailabilityResult.AttemptsOf(result.Sdk),15:0.000}{result.Sdk[0].Percentile(0.5).TotalSeconds,7:0.0} s{result.Sdk[0].Percentile(0.99).TotalSeconds,7:0.0} s{Percent(AvailabilityResult.SuccessOf(result.OneProvider)),14}{Percent(AvailabilityResult.SuccessOf(result.GatewayOnly)),14}  {(result.IsMet ? "kept" : "BROKEN")}"));
            output.WriteLine($"    {result.Scenario.Title}");
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.000} %");

    private static void Write(Utf8JsonWriter writer, Run[] runs)
    {
        writer.WriteNumber("requests", runs.Sum(r => r.Requests));
        writer.WriteNumber("failures", runs.Sum(r => r.Failures));
        writer.WriteNumber("success", AvailabilityResult.SuccessOf(runs));
        writer.WriteNumber("attempts_per_request", Math.Round(AvailabilityResult.AttemptsOf(runs), 4));
    }
}
