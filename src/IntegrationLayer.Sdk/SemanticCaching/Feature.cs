namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What an <see cref="AcceptanceModel"/> weighs.</summary>
internal enum Feature
{
    /// <summary>Always one.</summary>
    Constant,

    /// <summary>The nearest phrasing's similarity.</summary>
    Similarity,
    SimilaritySquared,

    /// <summary>The answer's share in the neighbours' votes.</summary>
    Share,
    ShareTimesSimilarity,

    /// <summary>How much nearer the answer's nearest phrasing is than any other answer's.</summary>
    Margin,

    /// <summary>The mean similarity of up to three phrasings.</summary>
    MeanSimilarity,

    /// <summary>The part of the question that occurs in any of the answer's phrasings, by weight of words.</summary>
    CoveredByPhrasings,

    /// <summary>The part of the question that occurs in the nearest phrasing.</summary>
    CoveredByNearest,

    /// <summary>The part of the nearest phrasing that occurs in the question.</summary>
    CoversNearest,

    /// <summary>The weight of the rarest word that occurs in none of the phrasings.</summary>
    RarestForeign,

    /// <summary>How many words occur in none of the phrasings.</summary>
    ForeignCount,

    /// <summary>The probability of the answer given the question's words, among the neighbours' answers.</summary>
    Bayes,

    /// <summary>How much likelier the question's words are with the answer than with any other, as a logarithm.</summary>
    BayesMargin,

    /// <summary>The similarity of the phrasing that is nearest by words of meaning, the rare ones weighing most.</summary>
    WordSimilarity,

    /// <summary>The logarithm of the number of phrasings among the neighbours.</summary>
    PhrasingCount,

    /// <summary>One, if there is one phrasing only.</summary>
    IsSinglePhrasing,

    /// <summary>One, if no word of meaning differs from the nearest phrasing.</summary>
    IsSame,

    /// <summary>One, if words of the nearest phrasing were replaced by words of others.</summary>
    IsSubstituted,

    /// <summary>Whether another kind of answer is asked for than by the nearest phrasing.</summary>
    OtherKind,

    /// <summary>The logarithm of the number of words of meaning.</summary>
    Length,

    /// <summary>Nearly one for a question of one or two words, nearly zero for a long one.</summary>
    Shortness,

    /// <summary>Nearly one while the partition has few questions.</summary>
    Youth,

    /// <summary>How many there are.</summary>
    Count,
}
