namespace IntegrationLayer.Sdk.TestSupport.Provider;

/// <summary>One provider's wire format for one endpoint.</summary>
internal interface IProviderWire
{
    /// <summary>Whether the request wants a stream.</summary>
    bool IsStream(RecordedRequest request);

    /// <summary>The JSON body of a whole answer.</summary>
    string Whole(RecordedRequest request, ProviderAnswer answer);

    /// <summary>The server-sent events of a streamed answer, with <c>\n</c> as line end and without the empty line after each.</summary>
    IEnumerable<string> Events(RecordedRequest request, ProviderAnswer answer);

    /// <summary>The JSON body of an error.</summary>
    string Error(ErrorBehavior error);

    /// <summary>The line end of the provider's events.</summary>
    string NewLine => "\n";

    /// <summary>The event that reports an error inside a stream.</summary>
    string ErrorEvent { get; }
}
