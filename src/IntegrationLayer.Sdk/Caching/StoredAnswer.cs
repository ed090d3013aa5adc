using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Caching;

/// <summary>Stores answers in the cheapest form that keeps all of them.</summary>
internal static class StoredAnswer
{
    /// <summary>Stores an answer.</summary>
    /// <exception cref="NotSupportedException">It holds something that can't be written down.</exception>
    public static IStoredAnswer Of(ChatResponse answer) => (IStoredAnswer?)TextAnswer.TryStore(answer) ?? new UpdatesAnswer(UpdateList.Write(answer));

    /// <summary>Stores an answer that was written down.</summary>
    /// <param name="updates">The list of its updates, as JSON.</param>
    /// <exception cref="System.Text.Json.JsonException">It is no list of updates.</exception>
    public static IStoredAnswer Read(ReadOnlySpan<byte> updates) =>
        (IStoredAnswer?)TextAnswer.TryStore(UpdateList.Read(updates).ToChatResponse()) ?? new UpdatesAnswer(updates.ToArray());
}
