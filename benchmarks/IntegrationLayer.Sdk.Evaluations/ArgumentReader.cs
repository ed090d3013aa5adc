using System.Globalization;

namespace IntegrationLayer.Sdk.Evaluations;

/// <summary>Reads the values of command-line options; what is missing or out of range is an <see cref="ArgumentException"/> that says what to give.</summary>
internal static class ArgumentReader
{
    /// <summary>Reads the whole number after an option.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="at">Where the option stands; then where its value does.</param>
    /// <param name="least">The least number accepted.</param>
    /// <param name="most">The greatest.</param>
    public static int Number(string[] args, ref int at, int least, int most)
    {
        string name = args[at];
        string text = Value(args, ref at);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} is '{text}'; give a number from {least} to {most}.");
    }

    /// <summary>Reads the names after an option, which commas separate.</summary>
    public static string[] Names(string[] args, ref int at) =>
        Value(args, ref at).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads the value after an option.</summary>
    public static string Value(string[] args, ref int at) =>
        at + 1 < args.Length ? args[++at] : throw new ArgumentException($"{args[at]} needs a value.");
}
