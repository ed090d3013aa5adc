using System.Globalization;
using System.Text;
using IntegrationLayer.Sdk.Budgets;

namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>The usage records of a racer, which outlive its death: each line is with the operating system before the racer goes on.</summary>
internal sealed class RaceJournal(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Notes that a call may be made from now on.</summary>
    /// <param name="id">The call.</param>
    /// <param name="cap">The cap on its answer, in tokens.</param>
    public void Begin(string id, int cap) => Write(string.Create(CultureInfo.InvariantCulture, $"begin {id} {RaceBudget.Bill(0, cap)}"));

    /// <summary>Notes what a call cost.</summary>
    public void End(string id, LlmCost cost) => Write(string.Create(CultureInfo.InvariantCulture, $"end {id} {BudgetAmount.ToNanoUsd(cost.Usd)}"));

    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line + "\n");
        lock (_gate)
        {
            _file.Write(bytes);
        }
    }
}
