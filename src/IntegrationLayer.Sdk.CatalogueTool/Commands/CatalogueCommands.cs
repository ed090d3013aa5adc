using System.Globalization;
using IntegrationLayer.Sdk.CatalogueTool.Tokenizers;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Commands;

/// <summary>The command line: <c>build</c>, <c>refresh</c>, <c>check</c>, <c>show</c>, <c>list</c> and <c>tokenizer</c>.</summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where errors go.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class CatalogueCommands(TextWriter output, TextWriter error, TimeProvider timeProvider)
{
    private const string Usage = """
        il-catalogue: builds and checks the model catalogue of IntegrationLayer.Sdk.

          il-catalogue build --pi FOLDER --genai FOLDER --out FILE [--date yyyy-MM-dd]
              FOLDER: an unpacked @oh-my-pi/pi-catalog and an unpacked @pydantic/genai-prices.
              The date, today by default, decides which of several dated prices is the list price.
          il-catalogue refresh --out FILE [--date yyyy-MM-dd] [--pi-version V] [--genai-version V]
              Fetches both packages with your own npm ('npm pack', with its configured registry), then builds.
          il-catalogue check FILE [--all]
              Counts, suspect prices, and what changed by more than 5 % against the catalogue in the SDK.
          il-catalogue show PROVIDER/MODEL [--file FILE]
              What is known of one model.
          il-catalogue list [--provider SLUG] [--file FILE]
              Every model, as comma-separated values.
          il-catalogue tokenizer --source FILE --out FILE
              Makes the SDK's token vocabulary of a .tiktoken file, or of the package that holds o200k_base.
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>0 for success, 1 for a failure, 2 for a wrong command line.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            CommandLine line = CommandLine.Parse(arguments);
            switch (line.Command)
            {
                case "build":
                    Build(line.Required("pi"), line.Required("genai"), line);
                    return 0;
                case "refresh":
                    await RefreshAsync(line, cancellationToken).ConfigureAwait(false);
                    return 0;
                case "check":
                    CatalogueReport.Check(output, LoadFile(line.Argument), ModelCatalogue.Embedded, line.Has("all"));
                    return 0;
                case "show":
                    return CatalogueReport.Show(output, Chosen(line), line.Argument) ? 0 : 1;
                case "list":
                    CatalogueList.Write(output, Chosen(line), line.Option("provider"));
                    return 0;
                case "tokenizer":
                    int tokens = VocabularyBuilder.Build(line.Required("source"), line.Required("out"));
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Required("out")}: {tokens} tokens"));
                    return 0;
                case "help" or "":
                    await output.WriteLineAsync(Usage.AsMemory(), cancellationToken).ConfigureAwait(false);
                    return 0;
                default:
                    throw new CommandLineException($"There is no command '{line.Command}'.");
            }
        }
        catch (CommandLineException exception)
        {
            await error.WriteLineAsync(exception.Message + Environment.NewLine + Usage).ConfigureAwait(false);
            return 2;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or InvalidDataException or CatalogueFormatException
            or System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException or OperationCanceledException)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private ModelCatalogue Chosen(CommandLine line) => line.Option("file") is { } file ? LoadFile(file) : ModelCatalogue.Embedded;

    private ModelCatalogue LoadFile(string path) => ModelCatalogue.Load(path, timeProvider);

    private async Task RefreshAsync(CommandLine line, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("il-catalogue-");
        try
        {
            NpmPackages npm = new(folder.FullName);
            string pi = await npm.FetchAsync(PiCatalogSource.PackageName, line.Option("pi-version") ?? NpmPackages.PiVersion, cancellationToken).ConfigureAwait(false);
            string genai = await npm.FetchAsync(GenaiPricesSource.PackageName, line.Option("genai-version") ?? NpmPackages.GenaiVersion, cancellationToken).ConfigureAwait(false);
            Build(pi, genai, line);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Build(string pi, string genai, CommandLine line)
    {
        string path = line.Required("out");
        DateOnly day = line.Option("date") is { } text ? ParseDay(text) : DateOnly.FromDateTime(timeProvider.GetUtcNow().UtcDateTime);
        CatalogueContent content = CatalogueBuilder.Build(day, [PiCatalogSource.Read(pi), GenaiPricesSource.Read(genai, day)], output.WriteLine);
        File.WriteAllBytes(path, CatalogueWriter.Write(content));
        ModelCatalogue written = LoadFile(path);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {written.Count} models of {written.Providers.Count} providers, {written.PricedCount} priced, {new FileInfo(path).Length} bytes, fingerprint {written.Fingerprint}"));
    }

    private static DateOnly ParseDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw new CommandLineException($"'{text}' is no date. Write it as yyyy-MM-dd.");
}
