using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>An answer in a form that nobody can change. It has no usage: nobody is paid for it.</summary>
internal interface IStoredAnswer
{
    /// <summary>Gets how many bytes of memory it takes, roughly.</summary>
    long Size { get; }

    /// <summary>Makes the whole answer anew, for a caller to own.</summary>
    ChatResponse Restore();

    /// <summary>Makes the updates of the answer anew, for a caller to own.</summary>
    IList<ChatResponseUpdate> Replay();
}
