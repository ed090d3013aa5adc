using IntegrationLayer.Sdk.Evaluations.Overhead;

var commands = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.OrdinalIgnoreCase)
{
    ["overhead"] = OverheadEvaluation.RunAsync,
};

// Started by evaluations, not by people.
var hidden = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.OrdinalIgnoreCase)
{
    ["provider"] = ProviderCommand.RunAsync,
};

if (args is [var name, .. var rest] && (commands.TryGetValue(name, out Func<string[], Task<int>>? command) || hidden.TryGetValue(name, out command)))
{
    try
    {
        return await command(rest);
    }
    catch (ArgumentException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}

Console.Error.WriteLine($"Usage: IntegrationLayer.Sdk.Evaluations <command> [options]{Environment.NewLine}Commands: {string.Join(", ", commands.Keys)}");
return 2;
