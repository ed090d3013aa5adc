using IntegrationLayer.Sdk.Evaluations;

// Each evaluation takes the arguments after its name and returns the exit code. Add a line to add one.
Dictionary<string, Func<string[], int>> evaluations = new(StringComparer.Ordinal)
{
    ["catalogue"] = CatalogueEvaluation.Run,
};

if (args.Length > 0 && evaluations.TryGetValue(args[0], out Func<string[], int>? evaluation))
{
    return evaluation(args[1..]);
}

Console.Error.WriteLine($"Name an evaluation: {string.Join(", ", evaluations.Keys)}.");
return 2;
