using Microsoft.Extensions.Compliance.Classification;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The names under which the SDK reports: pass them to <c>AddMeter</c> and <c>AddSource</c>.</summary>
public static class IntegrationLayerDiagnostics
{
    /// <summary>Gets the classification of what was asked and answered, by which an application's redactors know it when <see cref="TelemetryOptions.CaptureContent"/> is set.</summary>
    public static DataClassification ContentClassification { get; } = new("IntegrationLayer.Sdk", "Content");

    /// <summary>Gets the name of the meter.</summary>
    public static string MeterName => "IntegrationLayer.Sdk";

    /// <summary>Gets the name of the activity source.</summary>
    public static string ActivitySourceName => "IntegrationLayer.Sdk";
}
