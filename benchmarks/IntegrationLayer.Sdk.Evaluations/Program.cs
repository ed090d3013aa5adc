using IntegrationLayer.Sdk.Evaluations;
using IntegrationLayer.Sdk.Evaluations.Availability;
using IntegrationLayer.Sdk.Evaluations.BudgetRace;
using IntegrationLayer.Sdk.Evaluations.Load;
using IntegrationLayer.Sdk.Evaluations.Metrics;
using IntegrationLayer.Sdk.Evaluations.Overhead;
using IntegrationLayer.Sdk.Evaluations.SemanticCaching;

// Each evaluation takes the arguments after its name and returns the exit code. Add a line to add one.
Dictionary<string, Func<string[], Task<int>>> evaluations = new(StringComparer.Ordinal)
{
    ["availability"] = arguments => Task.FromResult(AvailabilityEvaluation.Evaluate(arguments)),
    ["budget-race"] = BudgetRaceEvaluation.RunAsync,
    ["catalogue"] = arguments => Task.FromResult(CatalogueEvaluation.Run(arguments)),
    ["metrics"] = MetricsEvaluation.RunAsync,
    ["load"] = LoadEvaluation.RunAsync,
    ["overhead"] = OverheadEvaluation.RunAsync,
    ["semantic-cache"] = SemanticCacheEvaluation.RunAsync,
};

// Started by evaluations, or to make what the SDK embeds.
Dictionary<string, Func<string[], Task<int>>> helpers = new(StringComparer.Ordinal)
{
    ["budget-racer"] = RacerCommand.RunAsync,
    ["load-client"] = LoadClientCommand.RunAsync,
    ["load-provider"] = LoadProviderCommand.RunAsync,
    ["provider"] = ProviderCommand.RunAsync,
    ["semantic-lexicon"] = arguments => Task.FromResult(LexiconCommand.Run(arguments)),
    ["semantic-prior"] = arguments => Task.FromResult(PriorCommand.Run(arguments)),
    ["usage-writer"] = UsageWriterCommand.RunAsync,
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
