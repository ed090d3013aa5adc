namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>How much load.</summary>
internal sealed record LoadSettings
{
    // What a process needs besides its connections.
    private const int OtherDescriptors = 300;

    /// <summary>Gets how many requests are in flight at once.</summary>
    public int Concurrency { get; private init; } = 10_000;

    /// <summary>Gets how many requests a contender makes in a run.</summary>
    public int Requests { get; private init; } = 100_000;

    /// <summary>Gets how many runs each contender makes, each in a process of its own.</summary>
    public int Runs { get; private init; } = 2;

    /// <summary>Gets whether to print one JSON document and nothing else.</summary>
    public bool Json { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them is unknown or out of range, or the process may not open so many connections.</exception>
    public static LoadSettings Parse(string[] args)
    {
        var settings = new LoadSettings();
        for (int i = 0; i < args.Length; i++)
        {
            settings = args[i] switch
            {
                "--json" => settings with { Json = true },
                "--concurrency" => settings with { Concurrency = ArgumentReader.Number(args, ref i, 1, 50_000) },
                "--requests" => settings with { Requests = ArgumentReader.Number(args, ref i, 1, 10_000_000) },
                "--runs" => settings with { Runs = ArgumentReader.Number(args, ref i, 1, 20) },
                _ => throw new ArgumentException($"Unknown argument '{args[i]}'. Known: --json, --concurrency n, --requests n, --runs n."),
            };
        }

        if (settings.Requests % settings.Concurrency != 0)
        {
            throw new ArgumentException($"{settings.Requests} requests are not a multiple of {settings.Concurrency}: the provider answers when that many have arrived.");
        }

        // .NET raises the soft limit to the hard one by itself, so this is the hard one.
        int limit = ProcessFigures.DescriptorLimit();
        return settings.Concurrency + OtherDescriptors <= limit
            ? settings
            : throw new ArgumentException(
                $"{settings.Concurrency} connections need {settings.Concurrency + OtherDescriptors} file descriptors, and the limit is {limit}. Raise it (ulimit -Hn), or lower --concurrency.");
    }
}
