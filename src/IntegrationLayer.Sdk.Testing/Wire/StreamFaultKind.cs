namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>What goes wrong, or differs, in a stream.</summary>
internal enum StreamFaultKind
{
    /// <summary>A clean end of the body without finish reason and [DONE].</summary>
    Truncate,

    /// <summary>The connection is aborted.</summary>
    Reset,

    /// <summary>An event with an error object, then the end of the body.</summary>
    ErrorEvent,

    /// <summary>A chunk whose finish reason is an error type, then [DONE].</summary>
    ErrorFinish,

    /// <summary>Nothing comes until a task completes.</summary>
    Stall,

    /// <summary>Nothing comes for a time span.</summary>
    Pause,

    /// <summary>An event whose payload the script gives.</summary>
    Junk,

    /// <summary>Events are separated by CR LF CR LF.</summary>
    CrLf,

    /// <summary>A comment before every event.</summary>
    Comments,

    /// <summary>The usage is left out.</summary>
    NoUsage,

    /// <summary>The finish reason comes, [DONE] does not.</summary>
    NoDone,

    /// <summary>Writes end in the middle of characters.</summary>
    SplitUtf8,
}
