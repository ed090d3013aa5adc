using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Observability.Monitoring;

/// <summary>Writes the files that Grafana and Prometheus read.</summary>
internal static class MonitoringFiles
{
    private const int Columns = 4;
    private const int Width = 24 / Columns;
    private const int Height = 8;
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "grafana", "dashboards")).FullName, "integration-layer.json"), DashboardJson());
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "prometheus")).FullName, "rules.yml"), RulesYaml());
    }

    private static string RulesYaml()
    {
        var yaml = new StringBuilder("# Written from samples/Observability/Monitoring/Rules.cs: WRITE=samples/Observability dotnet run --project samples/Observability\ngroups:\n  - name: integration-layer-service-level\n    rules:\n");
        foreach (string window in Rules.Windows)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"      - record: integration_layer:error_ratio:rate{window}\n        expr: {Quote(Rules.ErrorRatio(window))}\n");
        }

        yaml.Append("  - name: integration-layer-alerts\n    rules:\n");
        foreach (Rules.Alert alert in Rules.Alerts)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"      - alert: {alert.Name}\n        expr: {Quote(alert.Expression)}\n        for: {alert.For}\n        labels:\n          severity: {alert.Severity}\n        annotations:\n          summary: {Quote(alert.Summary)}\n");
        }

        return yaml.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string DashboardJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("uid", "integration-layer");
            json.WriteString("title", "IntegrationLayer.Sdk");
            json.WriteNumber("schemaVersion", 39);
            json.WriteNumber("version", 1);
            json.WriteString("refresh", "10s");
            json.WriteStartObject("time");
            json.WriteString("from", "now-1h");
            json.WriteString("to", "now");
            json.WriteEndObject();
            WriteVariables(json);
            json.WriteStartArray("panels");
            WritePanels(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteVariables(Utf8JsonWriter json)
    {
        json.WriteStartObject("templating");
        json.WriteStartArray("list");
        json.WriteStartObject();
        json.WriteString("name", "datasource");
        json.WriteString("type", "datasource");
        json.WriteString("query", "prometheus");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePanels(Utf8JsonWriter json)
    {
        (int id, int y) = (1, 0);
        foreach (string row in Dashboard.Rows)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id++);
            json.WriteString("type", "row");
            json.WriteString("title", row);
            WritePlace(json, 0, y++, 24, 1);
            json.WriteEndObject();
            Panel[] panels = [.. Dashboard.Panels.Where(p => p.Row == row)];
            for (int i = 0; i < panels.Length; i++)
            {
                WritePanel(json, panels[i], id++, i % Columns * Width, y + (i / Columns * Height));
            }

            y += (panels.Length + Columns - 1) / Columns * Height;
        }
    }

    private static void WritePanel(Utf8JsonWriter json, Panel panel, int id, int x, int y)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("type", panel.Kind);
        json.WriteString("title", panel.Title);
        json.WriteString("description", panel.Description);
        json.WriteStartObject("datasource");
        json.WriteString("type", "prometheus");
        json.WriteString("uid", "${datasource}");
        json.WriteEndObject();
        WritePlace(json, x, y, Width, Height);
        json.WriteStartObject("fieldConfig");
        json.WriteStartObject("defaults");
        json.WriteString("unit", panel.Unit);
        json.WriteEndObject();
        json.WriteStartArray("overrides");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("targets");
        for (int i = 0; i < panel.Queries.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("refId", ((char)('A' + i)).ToString());
            json.WriteString("expr", panel.Queries[i].Expression);
            json.WriteString("legendFormat", panel.Queries[i].Legend);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, int x, int y, int width, int height)
    {
        json.WriteStartObject("gridPos");
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
        json.WriteNumber("w", width);
        json.WriteNumber("h", height);
        json.WriteEndObject();
    }
}
