namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The names under which the SDK reports: pass them to <c>AddMeter</c> and <c>AddSource</c>.</summary>
public static class IntegrationLayerDiagnostics
{
    /// <summary>Gets the name of the meter.</summary>
    public static string MeterName => "IntegrationLayer.Sdk";

    /// <summary>Gets the name of the activity source.</summary>
    public static string ActivitySourceName => "IntegrationLayer.Sdk";
}
