namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>A vector of one byte a dimension.</summary>
/// <param name="Values">The dimensions, filled up with zeros.</param>
/// <param name="Factor">What the values are to be multiplied by for the length to be 1; zero for a vector of zeros.</param>
internal readonly record struct QuantizedVector(ReadOnlyMemory<sbyte> Values, float Factor);
