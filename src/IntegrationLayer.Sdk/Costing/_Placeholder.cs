using IntegrationLayer.Sdk.Models;
namespace IntegrationLayer.Sdk.Costing;

/// <summary>x</summary>
public interface ITokenEstimator
{
    /// <summary>x</summary>
    int Estimate(LlmRequest request);
}
internal sealed class TokenEstimator : ITokenEstimator { public int Estimate(LlmRequest request) => request.Messages.Sum(m => m.Text.Length / 4 + 4); }
internal static class TokenFamilies { public static double FactorOf(ModelInfo model) => 1; }
