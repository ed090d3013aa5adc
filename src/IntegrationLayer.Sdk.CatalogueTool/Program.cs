using IntegrationLayer.Sdk.CatalogueTool.Commands;

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    stop.Cancel();
};
return await new CatalogueCommands(Console.Out, Console.Error, TimeProvider.System).RunAsync(args, stop.Token).ConfigureAwait(false);
