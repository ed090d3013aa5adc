namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>How much to simulate.</summary>
internal sealed record AvailabilitySettings
{
    /// <summary>Gets how many requests each run makes.</summary>
    public int Requests { get; private init; } = 100_000;

    /// <summary>Gets the seed of the first run; each further one has the next.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>Gets the scenarios to play; all if there are none.</summary>
    public string[] Only { get; private init; } = [];

    /// <summary>Gets whether to print one JSON document and nothing else.</summary>
    public bool Json { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them is unknown or out of range.</exception>
    public static AvailabilitySettings Parse(string[] args)
    {
        var settings = new AvailabilitySettings();
        for (int i = 0; i < args.Length; i++)
        {
            settings = args[i] switch
            {
                "--json" => settings with { Json = true },
                "--requests" => settings with { Requests = ArgumentReader.Number(args, ref i, 1_000, 10_000_000) },
                "--seed" => settings with { Seed = ArgumentReader.Number(args, ref i, 0, int.MaxValue - 100) },
                "--only" => settings with { Only = ArgumentReader.Names(args, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{args[i]}'. Known: --json, --requests n, --seed n, --only S1,S2."),
            };
        }

        return settings;
    }
}
