using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Any answer, as the list of its updates in JSON.</summary>
/// <param name="json">The list.</param>
internal sealed class UpdatesAnswer(byte[] json) : IStoredAnswer
{
    public long Size => json.Length;

    public ChatResponse Restore() => UpdateList.Read(json).ToChatResponse();

    public IList<ChatResponseUpdate> Replay() => UpdateList.Read(json);
}
