using System.Globalization;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>What the usage records say of one call, and what the provider billed for it.</summary>
/// <param name="id">The call.</param>
/// <param name="cap">What its answer could cost at most, in nano-US-dollars.</param>
/// <param name="billed">What the provider billed.</param>
internal sealed class RaceCall(string id, long cap, long billed)
{
    // What is held back for the prompt beside the cap on the answer is below the price of one token of output.
    private const long MostOfPrompt = 1_000_000;

    private long? _recorded;

    public string Id => id;

    /// <summary>Gets what the provider billed.</summary>
    public long Billed => billed;

    /// <summary>Gets what the usage record says, or else what was billed.</summary>
    public long Recorded => _recorded ?? billed;

    /// <summary>Gets the name of the process that made it.</summary>
    public string Process => id[..id.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Reads all records.</summary>
    public static IReadOnlyCollection<RaceCall> Read(string folder, IReadOnlyDictionary<string, long> bill)
    {
        Dictionary<string, RaceCall> calls = [];
        foreach (string line in Directory.EnumerateFiles(folder).SelectMany(File.ReadLines))
        {
            // A kill may cut the last line of a file short.
            if (line.Split(' ') is not [var kind, var id, var text] || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long nanos))
            {
                continue;
            }

            if (kind == "begin")
            {
                calls.Add(id, new RaceCall(id, nanos, bill.GetValueOrDefault(id)));
            }
            else
            {
                calls[id]._recorded = nanos;
            }
        }

        return calls.Values;
    }

    /// <summary>Judges what the ledger charged for the call.</summary>
    /// <param name="charged">Nano-US-dollars.</param>
    /// <param name="wasKilled">Whether its process was killed, so that the call or its settlement may have been cut off, and what was held for it charged.</param>
    /// <returns>Over zero if more was charged than once; under zero if less than was recorded or billed; zero if it is right.</returns>
    public int Judge(long charged, bool wasKilled)
    {
        bool isHeld = charged > cap && charged < cap + MostOfPrompt;
        return charged < billed ? -1
            : charged == _recorded || (wasKilled && (isHeld || (_recorded is null && charged == billed))) ? 0
            : charged < (_recorded ?? 0) ? -1
            : 1;
    }
}
