using Spectre.Console;

namespace Quickstart;

/// <summary>The few ways in which the quick start writes to the terminal. Redirected, the output is plain text.</summary>
internal static class Screen
{
    private const int PlainWidth = 120;

    private static readonly IAnsiConsole Terminal = Create();

    public static void Heading(string text)
    {
        Terminal.WriteLine();
        Terminal.Write(new Rule(Markup.Escape(text)) { Justification = Justify.Left });
    }

    public static void Say(string line) => Terminal.WriteLine(line);

    /// <summary>Writes a piece of a line at once.</summary>
    public static void Write(string piece) => Terminal.Write(new Text(piece));

    public static void Show(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Rounded, UseSafeBorder = true };
        foreach (string column in columns)
        {
            table.AddColumn(Markup.Escape(column));
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Terminal.Write(table);
    }

    // A pipe or file has no width of its own, and the default of 80 breaks the tables' lines.
    private static IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
