namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Tells whether two words are the same, misspellings included.</summary>
internal static class Spelling
{
    // Among shorter words nearly all are one letter apart.
    private const int ShortestMisspelling = 4;

    /// <summary>Whether two words are the same word: of one stem, or one of them no word at all and one slip away from the other.</summary>
    public static bool AreSame(Question question, in Word word, Question otherQuestion, in Word other) =>
        word.Stem == other.Stem
        || (!(word.Has(WordTraits.Known) && other.Has(WordTraits.Known))
            && !word.Has(WordTraits.Numeric) && !other.Has(WordTraits.Numeric)
            && AreOneSlipApart(question.TextOf(word), otherQuestion.TextOf(other)));

    /// <summary>Whether two words differ in one letter added, left out, changed, or exchanged with its neighbour.</summary>
    public static bool AreOneSlipApart(ReadOnlySpan<char> word, ReadOnlySpan<char> other)
    {
        if (word.Length > other.Length)
        {
            ReadOnlySpan<char> longer = word;
            word = other;
            other = longer;
        }

        if (word.Length < ShortestMisspelling || other.Length - word.Length > 1)
        {
            return false;
        }

        int same = word.CommonPrefixLength(other);
        if (word.Length < other.Length)
        {
            return word[same..].SequenceEqual(other[(same + 1)..]);
        }

        bool isExchanged = same + 1 < word.Length && word[same] == other[same + 1] && word[same + 1] == other[same]
            && word[(same + 2)..].SequenceEqual(other[(same + 2)..]);
        return isExchanged || same == word.Length || word[(same + 1)..].SequenceEqual(other[(same + 1)..]);
    }
}
