namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What is known of a word before it is compared with others.</summary>
[Flags]
internal enum WordTraits : byte
{
    None = 0,

    /// <summary>It says little by itself: an article, a pronoun, an auxiliary.</summary>
    Function = 1,

    /// <summary>It may be left out without a change of meaning.</summary>
    Filler = 2,

    /// <summary>It turns a meaning round: a negation, or a word that is never said in passing (<c>worst</c>, <c>without</c>).</summary>
    Turning = 4,

    /// <summary>It is a number, or has digits in it.</summary>
    Numeric = 8,

    /// <summary>It is in the dictionary, so that it can't be another word's misspelling.</summary>
    Known = 16,

    /// <summary>It is written like a name: with a capital where none is needed.</summary>
    Name = 32,

    /// <summary>It was in quotation marks or is code.</summary>
    Literal = 64,
}
