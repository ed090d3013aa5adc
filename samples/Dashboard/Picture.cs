using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dashboard;

/// <summary>Draws what would be on the screen as an SVG.</summary>
internal static class Picture
{
    private const int Columns = 120;
    private const double CellWidth = 8.4;
    private const int LineHeight = 18;

    public static string Draw(IRenderable content)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null), ColorSystem = ColorSystemSupport.TrueColor, Ansi = AnsiSupport.Yes });
        console.Profile.Width = Columns;
        List<StringBuilder> lines = [new()];
        int column = 0;
        foreach (Segment segment in content.Render(RenderOptions.Create(console, console.Profile.Capabilities), Columns))
        {
            if (segment.IsLineBreak)
            {
                lines.Add(new StringBuilder());
                column = 0;
                continue;
            }

            string color = segment.Style.Foreground == Color.Default ? "#d4d4d4" : $"#{segment.Style.Foreground.ToHex()}";
            lines[^1].Append(
                CultureInfo.InvariantCulture,
                $"<tspan x=\"{10 + (column * CellWidth):0.0}\" fill=\"{color}\"{(segment.Style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(segment.Text)}</tspan>");
            column += segment.CellCount();
        }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{20 + (Columns * CellWidth):0}\" height=\"{20 + (lines.Count * LineHeight)}\" font-family=\"monospace\" font-size=\"14\" xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" fill=\"#1e1e1e\"/>\n");
        for (int i = 0; i < lines.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text y=\"{24 + (i * LineHeight)}\">{lines[i]}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
