namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A question to look up.</summary>
/// <param name="Text">The question.</param>
/// <param name="Partition">A digest of who may be given the answer and of everything else in the request.</param>
/// <param name="Learner">Who may be given the answer: what is learned in one such partition serves all its requests.</param>
/// <param name="Scope">The tenant and the operation on whose behalf a vector is made that costs money.</param>
internal sealed record SemanticQuestion(string Text, string Partition, LearnerKey Learner, LlmRequestContext Scope);
