namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Compares two questions word by word: the gates that no likeness of vectors can open.</summary>
internal static class QuestionComparer
{
    // A difference of more words isn't a substitution but another way to say it.
    private const int MostSubstituted = 2;
    private const int MostDifferent = 3;

    /// <summary>Compares.</summary>
    /// <param name="asked">The question that is asked.</param>
    /// <param name="known">The question that was answered.</param>
    public static Comparison Compare(Question asked, Question known)
    {
        if (asked.Canonical == known.Canonical)
        {
            return new Comparison(Relation.Identical);
        }

        if (asked.Numbers != known.Numbers)
        {
            return new Comparison(Relation.OtherNumbers);
        }

        if (asked.Turns != known.Turns)
        {
            return new Comparison(Relation.OtherTurn);
        }

        var alignment = Alignment.Of(asked, known);
        return Judge(asked, known, alignment);
    }

    private static Comparison Judge(Question asked, Question known, Alignment alignment)
    {
        List<Word> foreign = alignment.OnlyInAsked;
        List<Word> missing = alignment.OnlyInKnown;
        foreach (Word word in foreign)
        {
            foreach (Word other in missing)
            {
                if (Lexicon.AreOpposites(word.Stem, other.Stem))
                {
                    return new Comparison(Relation.Opposite);
                }
            }
        }

        if (foreign.Exists(static w => w.Has(WordTraits.Literal)) || missing.Exists(static w => w.Has(WordTraits.Literal)))
        {
            return new Comparison(Relation.OtherLiteral);
        }

        if (foreign.Count == missing.Count && foreign.Count > 0 && AreSameWords(asked, foreign, known, missing))
        {
            return new Comparison(Relation.OtherOrder);
        }

        int foreignContent = foreign.Count(static w => w.IsContent);
        int missingContent = missing.Count(static w => w.IsContent);
        if (foreignContent == 0 && missingContent == 0)
        {
            return new Comparison(alignment.IsWordForWord ? Relation.Identical : Relation.Same);
        }

        if (foreign.Exists(static w => w.Has(WordTraits.Name)) && missing.Exists(static w => w.Has(WordTraits.Name)))
        {
            return new Comparison(Relation.OtherNames);
        }

        bool isSubstituted = alignment.Substitutions is > 0 and <= MostSubstituted
            && foreignContent <= MostSubstituted && missingContent <= MostSubstituted
            && foreign.Count <= MostDifferent && missing.Count <= MostDifferent;
        return isSubstituted
            ? new Comparison(Relation.Substituted, [.. foreign.Where(static w => w.IsContent).Select(static w => w.Stem)])
            : new Comparison(Relation.Related);
    }

    private static bool AreSameWords(Question asked, List<Word> foreign, Question known, List<Word> missing)
    {
        var rest = new List<Word>(missing);
        foreach (Word word in foreign)
        {
            int found = rest.FindIndex(other => Spelling.AreSame(asked, word, known, other));
            if (found < 0)
            {
                return false;
            }

            rest.RemoveAt(found);
        }

        return true;
    }
}
