using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>A way to call a model.</summary>
internal abstract class Contender(string name) : IDisposable
{
    /// <summary>The cap on the answer that every contender sends.</summary>
    public const int MaxOutputTokens = 256;

    /// <summary>What the provider takes for a key.</summary>
    public const string ApiKey = "sk-evaluation";

    /// <summary>Gets the tool that <c>meai_full</c> and <c>sdk_otel</c> offer: what each does for tools is part of its price.</summary>
    public static AIFunction Tool { get; } = AIFunctionFactory.Create(
        (string number, bool withLines) => $"Invoice {number}{(withLines ? ", with its lines" : "")}", "get_invoice", "Gets an invoice by its number.");

    public string Name { get; } = name;

    /// <summary>Asks a question and reads the whole answer.</summary>
    /// <returns>The length of its text.</returns>
    public abstract Task<int> AskAsync(string question);

    /// <summary>Asks a question and reads the answer as it comes.</summary>
    /// <returns>The length of its text, and the timestamp of the first of it.</returns>
    public abstract Task<(int Length, long FirstAt)> StreamAsync(string question);

    /// <summary>Starts what watches the contender while it is measured, and only then.</summary>
    public virtual IDisposable? Watch() => null;

    public abstract void Dispose();
}
