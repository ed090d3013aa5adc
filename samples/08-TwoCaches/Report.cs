using System.Globalization;
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Caching;
using Spectre.Console;

namespace Sample08.TwoCaches;

/// <summary>Adds up receipts, and writes what they come to.</summary>
internal sealed class Report
{
    private const int PlainWidth = 120;
    private const int Examples = 5;
    private const double NearlyEqual = 0.995;

    private readonly Dictionary<CacheOutcome, (int Requests, decimal Paid, decimal Saved, TimeSpan Time)> _rows = [];
    private readonly List<(string Question, LlmResponse Response)> _similar = [];
    private readonly SortedDictionary<string, string> _numbers = new(StringComparer.Ordinal);

    public void Add(string question, LlmResponse response)
    {
        LlmReceipt receipt = response.Receipt;
        (int requests, decimal paid, decimal saved, TimeSpan time) = _rows.GetValueOrDefault(receipt.Cache);
        _rows[receipt.Cache] = (requests + 1, paid + receipt.Cost.Usd, saved + (receipt.Saving?.CacheUsd ?? 0), time + receipt.Duration);
        if (receipt.Cache is CacheOutcome.SemanticHit && receipt.CacheSimilarity < NearlyEqual && _similar.Count < Examples)
        {
            _similar.Add((question, response));
        }

        if (question.Any(char.IsAsciiDigit) && receipt.Cache is CacheOutcome.Miss)
        {
            _numbers[question] = response.Text;
        }
    }

    public void Show()
    {
        IAnsiConsole terminal = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            terminal.Profile.Width = PlainWidth;
        }

        var table = new Table { Border = TableBorder.Rounded, UseSafeBorder = true };
        table.AddColumns("answered by", "requests", "paid", "saved", "took on average");
        Row(table, "the model", CacheOutcome.Miss);
        Row(table, "the exact cache", CacheOutcome.Hit);
        Row(table, "the semantic cache", CacheOutcome.SemanticHit);
        terminal.Write(table);

        decimal paid = _rows.Values.Sum(static r => r.Paid);
        decimal saved = _rows.Values.Sum(static r => r.Saved);
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Paid ${paid:0.000000} instead of ${paid + saved:0.000000}: {saved / (paid + saved):P0} saved."));

        terminal.WriteLine();
        terminal.WriteLine("Answered in other words, with the similarity of the question that was answered before:");
        foreach ((string question, LlmResponse response) in _similar)
        {
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {response.Receipt.CacheSimilarity:0.00}  {question}  =>  {response.Text}"));
        }

        terminal.WriteLine("Nearly the same words, but not the same question:");
        foreach ((string question, string answer) in _numbers)
        {
            terminal.WriteLine($"  {question}  =>  {answer}");
        }
    }

    private void Row(Table table, string name, CacheOutcome outcome)
    {
        (int requests, decimal paid, decimal saved, TimeSpan time) = _rows.GetValueOrDefault(outcome);
        table.AddRow(
            name,
            requests.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"${paid:0.000000}"),
            string.Create(CultureInfo.InvariantCulture, $"${saved:0.000000}"),
            string.Create(CultureInfo.InvariantCulture, $"{(requests > 0 ? time.TotalMilliseconds / requests : 0):0.00} ms"));
    }
}
