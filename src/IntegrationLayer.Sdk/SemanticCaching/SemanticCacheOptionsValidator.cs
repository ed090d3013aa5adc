using System.Globalization;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Checks the settings of the semantic cache, all at once.</summary>
internal sealed class SemanticCacheOptionsValidator : IValidateOptions<SemanticCacheOptions>
{
    private const long LeastBytes = 64 * 1024;
    private const long MostBytes = 1L << 40;

    public ValidateOptionsResult Validate(string? name, SemanticCacheOptions options)
    {
        var errors = new List<string>();
        CheckNumber(errors, nameof(options.MaxFalseHitRate), options.MaxFalseHitRate, 0.0001, 0.2);
        CheckNumber(errors, nameof(options.MinConfidence), options.MinConfidence, 0.5, 0.999);
        CheckNumber(errors, nameof(options.ShadowRate), options.ShadowRate, 0, 0.2);
        CheckNumber(errors, nameof(options.MinSimilarity), options.MinSimilarity ?? 0, -1, 1);
        CheckNumber(errors, nameof(options.AnswerSimilarity), options.AnswerSimilarity, 0.5, 1);
        CheckNumber(errors, nameof(options.MaxTurns), options.MaxTurns, 1, 100);
        CheckNumber(errors, nameof(options.MaxQuestionLength), options.MaxQuestionLength, 16, 2_000);
        CheckNumber(errors, nameof(options.MaxEntries), options.MaxEntries, 1, 10_000_000);
        CheckNumber(errors, nameof(options.MaxBytes), options.MaxBytes, LeastBytes, MostBytes);
        CheckNumber(errors, nameof(options.MaxPartitions), options.MaxPartitions, 1, 1_000_000);
        if (options.EmbeddingTimeout < TimeSpan.FromMilliseconds(1) || options.EmbeddingTimeout > TimeSpan.FromSeconds(10))
        {
            errors.Add($"SemanticCacheOptions.EmbeddingTimeout is {options.EmbeddingTimeout}. Set it from 1 ms to 10 s.");
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void CheckNumber(List<string> errors, string setting, double value, double least, double most)
    {
        // A number that is none is outside of any range.
        if (!(value >= least && value <= most))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"SemanticCacheOptions.{setting} is {value}. Set it from {least} to {most}."));
        }
    }
}
