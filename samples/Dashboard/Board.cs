using System.Globalization;
using System.Text.Json;
using IntegrationLayer.Sdk.Events;
using IntegrationLayer.Sdk.Resilience;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dashboard;

/// <summary>What is on the screen, added up from events.</summary>
internal sealed class Board(string gateway, IProviderStatus status)
{
    private const int LatestNews = 6;
    private readonly Lock _gate = new();
    private readonly Queue<string> _news = new();
    private readonly SortedDictionary<string, int> _outcomes = [];
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;
    private int _wanted = int.MaxValue;
    private int _hits;
    private decimal _cost;
    private decimal _saved;
    private double _milliseconds;

    public Task WaitForAsync(int requests)
    {
        _wanted = requests;
        return _enough.Task;
    }

    public async Task ListenAsync(IAsyncEnumerable<IntegrationEvent> events)
    {
        await foreach (IntegrationEvent happened in events)
        {
            using var data = JsonDocument.Parse(happened.Data);
            lock (_gate)
            {
                Note(happened, data.RootElement);
            }
        }
    }

    public IRenderable Render()
    {
        lock (_gate)
        {
            var rows = new Rows(
                new Columns(
                    Figure("requests", _requests.ToString("N0", CultureInfo.InvariantCulture), string.Join(", ", _outcomes.Select(o => $"{o.Value} {o.Key}"))),
                    Figure("cost", Usd(_cost), $"{Usd(_requests == 0 ? 0 : _cost / _requests * 1000)} for 1,000 requests"),
                    Figure("saved", Usd(_saved), "by the cache and by routing"),
                    Figure("hit rate", Share(_hits), $"{Math.Round(_requests == 0 ? 0 : _milliseconds / _requests, 1).ToString(CultureInfo.InvariantCulture)} ms mean duration")),
                Providers(),
                new Panel(new Markup(string.Join('\n', _news.Select(Markup.Escape).DefaultIfEmpty("nothing yet")))) { Header = new PanelHeader("news"), Expand = true });
            return new Panel(rows) { Header = new PanelHeader($"[bold]IntegrationLayer.Sdk[/]  {Markup.Escape(gateway)}"), Expand = true };
        }
    }

    private static Panel Figure(string name, string value, string note) =>
        new(new Markup($"[bold green]{Markup.Escape(value)}[/]\n[grey]{Markup.Escape(note)}[/]")) { Header = new PanelHeader(name), Expand = true };

    private static string Usd(decimal amount) => amount.ToString("$0.0000", CultureInfo.InvariantCulture);

    private string Share(int count) => (_requests == 0 ? 0 : (double)count / _requests).ToString("P0", CultureInfo.InvariantCulture);

    private Table Providers()
    {
        var table = new Table { Expand = true, Border = TableBorder.Rounded };
        table.AddColumns("deployment", "state", "calls", "errors", "first token");
        foreach (HealthStatus health in status.GetStatus().Where(h => h.Kind is HealthKind.Deployment))
        {
            string color = health.State switch { HealthState.Healthy => "green", HealthState.Open or HealthState.Benched => "red", _ => "yellow" };
            table.AddRow(
                Markup.Escape(health.Name),
                $"[{color}]{health.State}[/]",
                health.Calls.ToString(CultureInfo.InvariantCulture),
                health.ErrorRatio.ToString("P0", CultureInfo.InvariantCulture),
                health.TimeToFirstToken is { } first ? $"{first.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms" : "");
        }

        return table;
    }

    private void Note(IntegrationEvent happened, JsonElement data)
    {
        if (happened.Type == IntegrationEventTypes.RequestFinished)
        {
            string outcome = data.GetProperty("outcome").GetString()!;
            _requests++;
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
            _hits += outcome == "cached" ? 1 : 0;
            _cost += data.GetProperty("costUsd").GetDecimal();
            _saved += data.GetProperty("savedUsd").GetDecimal();
            _milliseconds += data.GetProperty("durationMs").GetDouble();
            if (_requests >= _wanted)
            {
                _enough.TrySetResult();
            }

            return;
        }

        _news.Enqueue($"{happened.Time:HH:mm:ss}  {happened.Type["integrationlayer.".Length..]}  {happened.Subject}  {data}");
        if (_news.Count > LatestNews)
        {
            _news.Dequeue();
        }
    }
}
