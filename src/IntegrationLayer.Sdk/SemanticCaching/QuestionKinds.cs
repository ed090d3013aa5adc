namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Finds out what kind of answer a question asks for.</summary>
internal static class QuestionKinds
{
    private static readonly Dictionary<ulong, QuestionKind> ByWord = new()
    {
        [WordHash.Of("when")] = QuestionKind.Time,
        [WordHash.Of("where")] = QuestionKind.Place,
        [WordHash.Of("who")] = QuestionKind.Person,
        [WordHash.Of("whom")] = QuestionKind.Person,
        [WordHash.Of("whose")] = QuestionKind.Person,
        [WordHash.Of("why")] = QuestionKind.Reason,
    };

    private static readonly Dictionary<ulong, QuestionKind> AfterHow = new()
    {
        [WordHash.Of("much")] = QuestionKind.Amount,
        [WordHash.Of("many")] = QuestionKind.Amount,
        [WordHash.Of("long")] = QuestionKind.Duration,
        [WordHash.Of("often")] = QuestionKind.Duration,
    };

    private static readonly HashSet<ulong> Auxiliaries =
        [.. "is are was were am do does did can could will would shall should may might must has have had".Split(' ').Select(static w => WordHash.Of(w))];

    private static readonly ulong How = WordHash.Of("how");

    private static readonly HashSet<ulong> OpenWords = [.. new[] { "what", "which", "how" }.Select(static w => WordHash.Of(w))];

    public static QuestionKind Of(ReadOnlySpan<Word> words)
    {
        bool isOpen = false;
        for (int i = 0; i < words.Length; i++)
        {
            if (ByWord.TryGetValue(words[i].Hash, out QuestionKind kind))
            {
                return kind;
            }

            if (words[i].Hash == How && i + 1 < words.Length && AfterHow.TryGetValue(words[i + 1].Hash, out kind))
            {
                return kind;
            }

            isOpen |= OpenWords.Contains(words[i].Hash);
        }

        return !isOpen && words.Length > 0 && Auxiliaries.Contains(words[0].Hash) ? QuestionKind.YesOrNo : QuestionKind.Open;
    }
}
