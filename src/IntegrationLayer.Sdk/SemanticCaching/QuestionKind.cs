namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What kind of answer a question asks for.</summary>
internal enum QuestionKind : byte
{
    /// <summary>Anything: a statement, a command, or <c>what</c>, <c>which</c> and <c>how</c>, which paraphrases exchange freely.</summary>
    Open,

    /// <summary>Yes or no.</summary>
    YesOrNo,
    Time,
    Place,
    Person,
    Reason,
    Amount,
    Duration,
}
