namespace IntegrationLayer.Sdk.Evaluations.Overhead;

/// <summary>How much to measure.</summary>
internal sealed record OverheadSettings
{
    /// <summary>Every contender, in the order in which a round runs them.</summary>
    public static readonly string[] Standard = ["raw", "openai", "meai", "meai_full", "sdk", "sdk_otel"];

    /// <summary>How many requests run at once where throughput is measured.</summary>
    public const int Concurrency = 16;

    /// <summary>Gets how many rounds to run; medians are taken over them. Many short rounds, because a shared machine's clock drifts.</summary>
    public int Rounds { get; private init; } = 60;

    /// <summary>Gets how many calls a contender makes in a row; a fifth as many where answers are streamed.</summary>
    public int Calls { get; private init; } = 400;

    /// <summary>Gets how long to go on starting rounds, in seconds.</summary>
    public int Seconds { get; private init; } = 150;

    /// <summary>Gets whether to print one JSON document and nothing else.</summary>
    public bool Json { get; private init; }

    /// <summary>Gets who takes part. <c>sdk_routing</c> is the SDK without budgets and cache.</summary>
    public string[] Contenders { get; private init; } = Standard;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them is unknown or out of range.</exception>
    public static OverheadSettings Parse(string[] args)
    {
        var settings = new OverheadSettings();
        for (int i = 0; i < args.Length; i++)
        {
            settings = args[i] switch
            {
                "--json" => settings with { Json = true },
                "--rounds" => settings with { Rounds = ArgumentReader.Number(args, ref i, 1, 1_000) },
                "--calls" => settings with { Calls = ArgumentReader.Number(args, ref i, 50, 100_000) },
                "--seconds" => settings with { Seconds = ArgumentReader.Number(args, ref i, 1, 3_600) },
                "--only" => settings with { Contenders = Names(args, ref i) },
                _ => throw new ArgumentException(
                    $"Unknown argument '{args[i]}'. Known: --json, --rounds n, --calls n, --seconds n, --only {string.Join(',', Standard)},sdk_routing."),
            };
        }

        return settings;
    }

    private static string[] Names(string[] args, ref int at)
    {
        string[] names = ArgumentReader.Names(args, ref at);
        string? unknown = Array.Find(names, n => !Standard.Contains(n) && n != "sdk_routing");
        return unknown is null ? names : throw new ArgumentException($"There is no contender '{unknown}'. Known: {string.Join(", ", Standard)}, sdk_routing.");
    }
}
