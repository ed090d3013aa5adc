namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>A tool call the script answers with.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments, as the text the model would write: JSON, or broken JSON on purpose.</param>
internal sealed record ScriptedToolCall(string Name, string Arguments);
