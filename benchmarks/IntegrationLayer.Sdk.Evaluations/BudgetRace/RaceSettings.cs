namespace IntegrationLayer.Sdk.Evaluations.BudgetRace;

/// <summary>How long the race lasts and who takes part.</summary>
internal sealed record RaceSettings
{
    private const string Usage = "budget-race [--seconds 1..600] [--processes 1..16] [--workers 1..1000] [--mode strict|lease] [--json]";

    public int Seconds { get; private set; } = 60;

    public int Processes { get; private set; } = 4;

    /// <summary>Gets how many workers each process has.</summary>
    public int Workers { get; private set; } = 100;

    /// <summary>Gets a value indicating whether processes lease parts of the budget, instead of asking for each call.</summary>
    public bool IsLeased { get; private set; }

    public bool Json { get; private set; }

    /// <summary>Gets the budget that all race for: what the provider bills in about half of the time on a slow machine.</summary>
    public decimal LimitUsd => Seconds * 40;

    public static RaceSettings Parse(string[] args)
    {
        RaceSettings settings = new();
        for (int at = 0; at < args.Length; at++)
        {
            switch (args[at])
            {
                case "--seconds":
                    settings.Seconds = ArgumentReader.Number(args, ref at, 1, 600);
                    break;
                case "--processes":
                    settings.Processes = ArgumentReader.Number(args, ref at, 1, 16);
                    break;
                case "--workers":
                    settings.Workers = ArgumentReader.Number(args, ref at, 1, 1_000);
                    break;
                case "--mode":
                    settings.IsLeased = (++at < args.Length ? args[at] : "") switch
                    {
                        "strict" => false,
                        "lease" => true,
                        var other => throw new ArgumentException($"The mode is '{other}'; it is strict or lease."),
                    };
                    break;
                case "--json":
                    settings.Json = true;
                    break;
                default:
                    throw new ArgumentException($"Unknown argument '{args[at]}'. Usage: {Usage}");
            }
        }

        return settings;
    }
}
