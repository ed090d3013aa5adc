using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Makes vectors with any embedder, within a time limit, and leaves one alone that fails again and again.</summary>
internal sealed class QuestionEmbedder(
    SemanticEmbedder embedder,
    IOptions<SemanticCacheOptions> options,
    TimeProvider timeProvider,
    ILogger<QuestionEmbedder> logger)
{
    // As many failures in a row are no accident.
    private const int MostFailures = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _restsUntil;
    private string? _space;

    /// <summary>Gets how similar two questions must be at least.</summary>
    public double MinSimilarity => options.Value.MinSimilarity ?? (embedder.IsLexical ? LexicalVector.LeastSimilarity : SemanticEmbedder.LeastSimilarity);

    /// <summary>Makes the vector of a question.</summary>
    public ValueTask<MadeVector> EmbedAsync(string text, Question reading, LlmRequestContext scope, CancellationToken cancellationToken)
    {
        if (!embedder.IsLexical)
        {
            return EmbedOutsideAsync(text, scope, cancellationToken);
        }

        float[] vector = new float[LexicalVector.Dimensions];
        LexicalVector.Fill(reading, vector);
        return new(new MadeVector(EmbedderOutcome.Made, vector, LexicalEmbeddingGenerator.ModelId));
    }

    private async ValueTask<MadeVector> EmbedOutsideAsync(string text, LlmRequestContext scope, CancellationToken cancellationToken)
    {
        if (IsResting())
        {
            return MadeVector.Of(EmbedderOutcome.Resting);
        }

        using var limit = new CancellationTokenSource(options.Value.EmbeddingTimeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // An embedder that doesn't look at its token isn't waited for either.
            Embedding<float> embedding = await embedder.EmbedAsync(text, scope, both.Token).WaitAsync(both.Token).ConfigureAwait(false);
            MadeVector made = Check(embedding);
            if (made.Outcome is EmbedderOutcome.Made)
            {
                Succeeded();
                return made;
            }

            Failed();
            SemanticLog.EmbedderFailed(logger, new SemanticIndexException($"A vector of {embedding.Vector.Length} numbers has no length, or holds what isn't a number."));
            return made;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed();
            SemanticLog.EmbedderFailed(logger, e);
            return MadeVector.Of(limit.IsCancellationRequested ? EmbedderOutcome.TimedOut : EmbedderOutcome.Failed);
        }
    }

    private MadeVector Check(Embedding<float> embedding)
    {
        float[] vector = embedding.Vector.ToArray();
        double squares = 0;
        foreach (float value in vector)
        {
            squares += (double)value * value;
        }

        if (!(squares > 0) || !double.IsFinite(squares))
        {
            return MadeVector.Of(EmbedderOutcome.Unusable);
        }

        float factor = (float)(1 / Math.Sqrt(squares));
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= factor;
        }

        string space = string.Create(CultureInfo.InvariantCulture, $"{embedding.ModelId ?? embedder.ModelId}/{vector.Length}");
        if (Interlocked.Exchange(ref _space, space) is { } before && before != space)
        {
            // Vectors of the one can't be compared with those of the other: their partitions are apart.
            SemanticLog.EmbedderChanged(logger, before, space);
        }

        return new MadeVector(EmbedderOutcome.Made, vector, space);
    }

    private bool IsResting()
    {
        lock (_gate)
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            if (_failures < MostFailures)
            {
                return false;
            }

            if (now < _restsUntil)
            {
                return true;
            }

            // One request tries; the others wait for how it fares.
            _restsUntil = now + Rest;
            return false;
        }
    }

    private void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }

    private void Failed()
    {
        lock (_gate)
        {
            if (++_failures >= MostFailures)
            {
                _restsUntil = timeProvider.GetUtcNow() + Rest;
            }
        }
    }
}
