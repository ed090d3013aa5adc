namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Settings of telemetry. Read once, when the first request is made.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Gets or sets how much is measured.</summary>
    /// <value>The default is <see cref="TelemetryLevel.Standard"/>. An instrument that nobody listens to costs nothing at any level.</value>
    public TelemetryLevel Level { get; set; } = TelemetryLevel.Standard;

    /// <summary>Gets or sets a value indicating whether the newest conventions for generative AI are followed instead of version 1.41: <c>gen_ai.client.inference.*</c>.</summary>
    /// <value>When <see langword="null"/>, the default, the environment variable <c>OTEL_SEMCONV_STABILITY_OPT_IN</c> decides: it has to list <c>gen_ai_latest_experimental</c>.</value>
    public bool? UseLatestConventions { get; set; }

    /// <summary>Gets or sets a value indicating whether spans carry what was asked and answered.</summary>
    /// <value>
    /// When <see langword="null"/>, the default, the environment variable <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> decides; without it, nothing is captured.
    /// Register a <c>Redactor</c> provider (Microsoft.Extensions.Compliance.Redaction) to take out of it what nobody may see.
    /// </value>
    public bool? CaptureContent { get; set; }

    /// <summary>Gets the tenants that requests and costs are counted for by name; all others are <c>other</c>.</summary>
    /// <value>At most 20 names. The default is none: then no metric says anything about tenants.</value>
    public IList<string> Tenants { get; } = [];

    /// <summary>Gets the names of the budget scopes whose utilization is reported: <c>acme</c> for the tenant of that name.</summary>
    /// <value>At most 100 names. The default is none.</value>
    public IList<string> Budgets { get; } = [];
}
