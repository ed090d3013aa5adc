namespace IntegrationLayer.Sdk.Execution;

/// <summary>The part of a call that is under way, and whose time may run out.</summary>
internal enum CallPart : byte
{
    /// <summary>Nothing was sent yet.</summary>
    Preparation,

    /// <summary>The answer hasn't begun.</summary>
    Answer,

    /// <summary>A stream is open but has shown no content.</summary>
    FirstToken,

    /// <summary>A stream has shown content, and has to show that it is fast enough.</summary>
    Speed,

    /// <summary>A stream has shown content, and more is to come.</summary>
    Content,

    /// <summary>The consumer of a stream has the turn.</summary>
    Consumer,

    /// <summary>All of it: the request's deadline.</summary>
    Whole,
}
