using System.Collections.Concurrent;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Budgets;

/// <summary>Learns how long the answers of each operation are, by the model that writes them, and so which cap they need.</summary>
internal sealed class OutputCaps
{
    /// <summary>The smallest cap that is ever learned.</summary>
    public const int Least = 64;

    // Beyond it, nothing is learned of operations and models that come new.
    private const int MaxKnown = 2_000;

    private readonly ConcurrentDictionary<(string? Operation, string Model), AnswerLengths> _known = new();

    /// <summary>Gets a value indicating whether anything was seen.</summary>
    public bool HasAny => !_known.IsEmpty;

    /// <summary>Takes note of an answer.</summary>
    /// <param name="operation">The request's operation.</param>
    /// <param name="deployment">Who answered.</param>
    /// <param name="tokens">How long the answer was.</param>
    /// <param name="wasCut">Whether it was cut short by the cap: nobody knows how long it would have been, so it counts double.</param>
    public void Note(string? operation, Deployment deployment, long tokens, bool wasCut)
    {
        (string?, string) key = (operation, deployment.ModelId);
        if (!_known.TryGetValue(key, out AnswerLengths? lengths))
        {
            if (_known.Count >= MaxKnown)
            {
                return;
            }

            lengths = _known.GetOrAdd(key, static _ => new AnswerLengths());
        }

        lengths.Add(wasCut ? tokens * 2 : tokens);
    }

    /// <summary>Gets the cap that answers need: a third more than all but one in a hundred were long.</summary>
    /// <returns>The cap; <see langword="null"/> until enough answers were seen.</returns>
    public int? CapFor(string? operation, Deployment deployment) =>
        _known.TryGetValue((operation, deployment.ModelId), out AnswerLengths? lengths) && lengths.Usually() is { } usually
            ? (int)Math.Clamp(usually * 4 / 3, Least, int.MaxValue)
            : null;
}
