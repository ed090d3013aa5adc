using System.Globalization;
using IntegrationLayer.Sdk.Caching;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>Checks of receipts that work with any test framework. Each returns the receipt, so that checks can be chained.</summary>
public static class LlmReceiptAssertions
{
    /// <summary>Checks that the request was answered by this deployment.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="deployment">The deployment's name.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">Another deployment answered.</exception>
    public static LlmReceipt ShouldBeAnsweredBy(this LlmReceipt receipt, string deployment) => receipt.Check(
        r => string.Equals(r.Deployment, deployment, StringComparison.OrdinalIgnoreCase), $"an answer by {deployment}");

    /// <summary>Checks that exactly these deployments were called, in this order.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="deployments">The deployments' names; none for an answer from the cache.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">Other deployments were called, or in another order.</exception>
    public static LlmReceipt ShouldHaveTried(this LlmReceipt receipt, params IReadOnlyList<string> deployments) => receipt.Check(
        r => r.Attempts.Select(attempt => attempt.Deployment).SequenceEqual(deployments, StringComparer.OrdinalIgnoreCase),
        $"calls to {(deployments.Count == 0 ? "no deployment" : string.Join(", ", deployments))}");

    /// <summary>Checks that the cost is exactly known, and what it is.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="usd">The cost in US dollars.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">The cost is another, or not exact.</exception>
    public static LlmReceipt ShouldCost(this LlmReceipt receipt, decimal usd) =>
        receipt.Check(r => r.Cost.IsExact && r.Cost.Usd == usd, string.Create(CultureInfo.InvariantCulture, $"a cost of exactly ${usd}"));

    /// <summary>Checks that the cost is known and not over a limit.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="usd">The limit in US dollars, itself allowed.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">The cost is unknown or over the limit.</exception>
    public static LlmReceipt ShouldCostAtMost(this LlmReceipt receipt, decimal usd) => receipt.Check(
        r => r.Cost.Status != PriceStatus.Unknown && r.Cost.Usd <= usd, string.Create(CultureInfo.InvariantCulture, $"a cost of at most ${usd}"));

    /// <summary>Checks that the answer came from the cache.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">It did not.</exception>
    public static LlmReceipt ShouldComeFromCache(this LlmReceipt receipt) => receipt.Check(r => IsHit(r.Cache), "an answer from the cache");

    /// <summary>Checks that the answer did not come from the cache.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FakeVerificationException">It did.</exception>
    public static LlmReceipt ShouldNotComeFromCache(this LlmReceipt receipt) => receipt.Check(r => !IsHit(r.Cache), "an answer not from the cache");

    private static bool IsHit(CacheOutcome outcome) => outcome is CacheOutcome.Hit or CacheOutcome.StaleHit;

    private static LlmReceipt Check(this LlmReceipt receipt, Func<LlmReceipt, bool> holds, string expected)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return holds(receipt)
            ? receipt
            : throw new FakeVerificationException($"The receipt of {receipt.RequestId} should show {expected}, but shows an answer by {receipt.Deployment}, "
                + $"cost {receipt.Cost} ({receipt.Cost.Status}), cache {receipt.Cache}, attempts [{string.Join("; ", receipt.Attempts)}].");
    }
}
