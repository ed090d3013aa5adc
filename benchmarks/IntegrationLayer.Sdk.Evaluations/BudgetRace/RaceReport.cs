using System.Globalization;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>How the race ended. Amounts are nano-US-dollars.</summary>
internal sealed record RaceReport(long Limit, long Settled, long Held)
{
    public long Overspend { get; init; }

    /// <summary>Gets how many calls the provider billed.</summary>
    public int Requests { get; init; }

    /// <summary>Gets how many calls were charged more than once.</summary>
    public int DoubleSettled { get; init; }

    /// <summary>Gets how many calls were charged less than they cost.</summary>
    public int Lost { get; init; }

    public int Kills { get; init; }

    /// <summary>Gets what the provider billed. Calls that a kill cut off may have been charged all that was held for them.</summary>
    public long Billed { get; init; }

    public bool IsGood => Overspend == 0 && DoubleSettled == 0 && Lost == 0;

    /// <summary>Counts a verdict: over zero if more was charged than once, under zero if less than it cost.</summary>
    public RaceReport With(int verdict) => this with { DoubleSettled = DoubleSettled + Math.Max(0, verdict), Lost = Lost + Math.Max(0, -verdict) };

    public void WriteJson(Stream output)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("limit_nanousd", Limit);
        json.WriteNumber("settled_nanousd", Settled);
        json.WriteNumber("held_nanousd", Held);
        json.WriteNumber("overspend_nanousd", Overspend);
        json.WriteNumber("requests", Requests);
        json.WriteNumber("double_settled", DoubleSettled);
        json.WriteNumber("lost", Lost);
        json.WriteNumber("kills", Kills);
        json.WriteEndObject();
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"limit      {Limit,20:N0} nano-USD"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"settled    {Settled,20:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"billed     {Billed,20:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"held       {Held,20:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"overspend  {Overspend,20:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Requests:N0} requests, {DoubleSettled} settled twice, {Lost} lost, {Kills} kills"));
    }
}
