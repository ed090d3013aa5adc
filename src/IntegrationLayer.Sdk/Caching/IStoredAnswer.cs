using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>An answer in a form that nobody can change.</summary>
internal interface IStoredAnswer
{
    /// <summary>Gets how many bytes of memory it takes, roughly.</summary>
    long Size { get; }

    /// <summary>Makes the answer anew, for a caller to own. It has no usage: nobody is paid for it.</summary>
    ChatResponse Restore();
}
