namespace Observability.Monitoring;

/// <summary>A panel of the dashboard.</summary>
/// <param name="Row">The row that it is in.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it shows, and what to do about it.</param>
/// <param name="Unit">Grafana's name of the unit.</param>
/// <param name="Queries">What it draws: a legend and an expression each.</param>
internal sealed record Panel(string Row, string Title, string Description, string Unit, params (string Legend, string Expression)[] Queries)
{
    /// <summary>Gets Grafana's name of the kind of panel.</summary>
    public string Kind { get; init; } = "timeseries";
}
