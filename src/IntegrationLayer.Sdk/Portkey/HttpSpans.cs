using System.Diagnostics;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>
/// Tells whether somebody wants .NET's own spans of requests over HTTP. Where a span is current, .NET makes one even if nobody listens, only to pass its
/// identifier on: the dearest part of a span. Then the request's own span is passed on instead.
/// </summary>
internal sealed class HttpSpans : IObserver<DiagnosticListener>
{
    private const string ListenerName = "HttpHandlerDiagnosticListener";

    // Who listens to a source listens to all of its name.
    private static readonly ActivitySource Twin = new("System.Net.Http");
    private static readonly HttpSpans Instance = new();
    private volatile DiagnosticListener? _listener;

    private HttpSpans() => DiagnosticListener.AllListeners.Subscribe(this);

    /// <summary>Gets a value indicating whether they are wanted.</summary>
    public static bool AreWanted => Twin.HasListeners() || Instance._listener?.IsEnabled() is true;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == ListenerName)
        {
            _listener = value;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>Puts the context of a span on a request.</summary>
    public static void PassOn(Activity span, HttpRequestMessage request) => TraceHeaders.Instance.Inject(span, request, static (carrier, name, value) =>
    {
#pragma warning disable RS0030 // What is handed on was checked.
        ((HttpRequestMessage)carrier!).Headers.TryAddWithoutValidation(name, value);
#pragma warning restore RS0030
    });
}
