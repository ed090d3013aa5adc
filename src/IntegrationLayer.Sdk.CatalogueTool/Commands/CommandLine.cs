namespace IntegrationLayer.Sdk.CatalogueTool.Commands;

/// <summary>A parsed command line: a command, perhaps an argument, options with or without a value.</summary>
internal sealed class CommandLine
{
    private static readonly string[] Options = ["pi", "genai", "out", "date", "file", "provider", "pi-version", "genai-version", "source"];
    private static readonly string[] Switches = ["all"];
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private string? _argument;

    /// <summary>Gets the command; empty without one.</summary>
    public string Command { get; private set; } = "";

    /// <summary>Gets the argument of the command.</summary>
    /// <exception cref="CommandLineException">There is none.</exception>
    public string Argument => _argument ?? throw new CommandLineException($"'{Command}' needs an argument.");

    /// <summary>Parses.</summary>
    /// <exception cref="CommandLineException">There is an unknown option, or one without its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        CommandLine line = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument is "--help" or "-h" or "-?")
            {
                line.Command = "help";
                return line;
            }

            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                line.AddWord(argument);
            }
            else if (Switches.Contains(argument[2..]))
            {
                line._options[argument[2..]] = "";
            }
            else if (!Options.Contains(argument[2..]))
            {
                throw new CommandLineException($"There is no option '{argument}'.");
            }
            else if (++i == arguments.Count)
            {
                throw new CommandLineException($"'{argument}' needs a value.");
            }
            else
            {
                line._options[argument[2..]] = arguments[i];
            }
        }

        return line;
    }

    /// <summary>Gets an option's value, or <see langword="null"/>.</summary>
    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <summary>Gets an option's value.</summary>
    /// <exception cref="CommandLineException">It is missing.</exception>
    public string Required(string name) => Option(name) ?? throw new CommandLineException($"'{Command}' needs --{name}.");

    /// <summary>Says whether a switch is set.</summary>
    public bool Has(string name) => _options.ContainsKey(name);

    private void AddWord(string word)
    {
        if (Command.Length == 0)
        {
            Command = word;
        }
        else if (_argument is null)
        {
            _argument = word;
        }
        else
        {
            throw new CommandLineException($"'{word}' is one argument too many.");
        }
    }
}
