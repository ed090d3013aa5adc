namespace IntegrationLayer.Sdk.CatalogueTool.Commands;

/// <summary>The command line is wrong.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class CommandLineException(string message) : Exception(message);
