namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>How a question stands to one that was answered before. All after <see cref="Related"/> forbid to give the answer.</summary>
internal enum Relation : byte
{
    /// <summary>The words are the same, misspellings apart.</summary>
    Identical,

    /// <summary>Nothing that carries meaning is different.</summary>
    Same,

    /// <summary>Words are different, and nothing speaks against the same meaning but that.</summary>
    Related,

    /// <summary>The numbers, dates or versions are different.</summary>
    OtherNumbers,

    /// <summary>One is negated or turned round where the other isn't.</summary>
    OtherTurn,

    /// <summary>One says the opposite word of the other.</summary>
    Opposite,

    /// <summary>What is in quotation marks, or code, is different.</summary>
    OtherLiteral,

    /// <summary>The names are different.</summary>
    OtherNames,

    /// <summary>The words are the same in another order.</summary>
    OtherOrder,

    /// <summary>One or two words stand in the place of others, and all else is the same.</summary>
    Substituted,
}
