namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A word of a <see cref="Question"/>.</summary>
/// <param name="Hash">The hash of the word.</param>
/// <param name="Stem">The hash of its stem, by which words are compared.</param>
/// <param name="Start">Where it begins in <see cref="Question.Canonical"/>.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Traits">What is known of it.</param>
internal readonly record struct Word(ulong Hash, ulong Stem, ushort Start, ushort Length, WordTraits Traits)
{
    /// <summary>Whether it carries meaning by itself.</summary>
    public bool IsContent => (Traits & WordTraits.Function) == 0;

    public bool Has(WordTraits traits) => (Traits & traits) != 0;
}
