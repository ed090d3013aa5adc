using IntegrationLayer.Sdk.Evaluations;
using IntegrationLayer.Sdk.Evaluations.Availability;
using IntegrationLayer.Sdk.Evaluations.BudgetRace;
using IntegrationLayer.Sdk.Evaluations.Overhead;

// Each evaluation takes the arguments after its name and returns the exit code. Add a line to add one.
Dictionary<string, Func<string[], Task<int>>> evaluations = new(StringComparer.Ordinal)
{
    ["availability"] = arguments => Task.FromResult(AvailabilityEvaluation.Run(arguments)),
    ["budget-race"] = BudgetRaceEvaluation.RunAsync,
    ["catalogue"] = arguments => Task.FromResult(CatalogueEvaluation.Run(arguments)),
    ["overhead"] = OverheadEvaluation.RunAsync,
};

// Started by evaluations, not by people.
Dictionary<string, Func<string[], Task<int>>> helpers = new(StringComparer.Ordinal)
{
    ["budget-racer"] = RacerCommand.RunAsync,
    ["provider"] = ProviderCommand.RunAsync,
};

if (args.Length > 0 && (evaluations.TryGetValue(args[0], out Func<string[], Task<int>>? evaluation) || helpers.TryGetValue(args[0], out evaluation)))
{
    try
    {
        return await evaluation(args[1..]);
    }
    catch (ArgumentException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}

Console.Error.WriteLine($"Name an evaluation: {string.Join(", ", evaluations.Keys)}.");
return 2;
