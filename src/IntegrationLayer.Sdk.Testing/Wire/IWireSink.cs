using System.IO.Pipelines;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>Where an answer is played to: the in-process handler or the server.</summary>
internal interface IWireSink
{
    /// <summary>The body.</summary>
    PipeWriter Body { get; }

    /// <summary>The connection under it.</summary>
    /// <exception cref="InvalidOperationException">There is none: the answer is given in process.</exception>
    IWireConnection Connection { get; }

    /// <summary>Sends the head; nothing happens the second time.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}
