using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Finds answers to questions that were asked in other words before, and learns from every answer of the model which of them would have been right.</summary>
internal sealed class SemanticCache(
    ISemanticIndex index,
    QuestionEmbedder embedder,
    LearningTable learning,
    IOptions<SemanticCacheOptions> options,
    ILogger<SemanticCache> logger)
{
    // So many neighbours vote.
    private const int Neighbours = 16;

    // What is as near as that to a wrong answer's question goes with it.
    private const double NearlyTheSame = 0.97;

    private readonly AnswerComparer _answers = new(options.Value.AnswerSimilarity);
    private bool _isIndexDown;

    /// <summary>Looks a question up.</summary>
    /// <param name="question">The question.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>What was found, and whether something failed.</returns>
    public async ValueTask<SemanticLookup> FindAsync(SemanticQuestion question, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Question reading = QuestionReader.Read(question.Text);
        if (reading.Words.Length is 0 or > Question.MostWords)
        {
            return default;
        }

        MadeVector made = await embedder.EmbedAsync(question.Text, reading, question.Scope, cancellationToken).ConfigureAwait(false);
        if (made.Outcome is not EmbedderOutcome.Made)
        {
            return new SemanticLookup(null, HasFailed: true);
        }

        string partition = $"{question.Partition}/{made.Space}";
        (IReadOnlyList<SemanticMatch> matches, bool hasFailed) = await SearchAsync(partition, made.Vector, now, cancellationToken).ConfigureAwait(false);
        PartitionLearning learned = learning[question.Learner];
        Verdict? verdict = learned.Weigh(reading, NeighboursOf(matches));
        return new SemanticLookup(new SemanticFinding(question, reading, made.Vector, partition, matches, verdict, learned.Judge(reading, verdict)), hasFailed);
    }

    /// <summary>Counts an answer to exactly the same request.</summary>
    public void CountExact(LearnerKey learner) => learning[learner].CountExact();

    /// <summary>Learns what the model answered to a question that was looked up, and keeps it.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="id">What names the entry.</param>
    /// <param name="answer">The answer's text.</param>
    /// <param name="content">The answer.</param>
    /// <param name="expiresAt">Until when it may be given.</param>
    /// <param name="textOf">Reads the text of an answer that was kept.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async ValueTask LearnAsync(
        SemanticFinding finding, string id, string answer, ReadOnlyMemory<byte> content, DateTimeOffset expiresAt, Func<SemanticEntry, string?> textOf, CancellationToken cancellationToken)
    {
        SemanticEntry? equal = FindEqual(finding, answer, textOf);
        string answerId = equal?.AnswerId ?? AnswerComparer.IdOf(answer);
        PartitionLearning learned = learning[finding.Question.Learner];
        React(learned, learned.Learn(finding.Reading, finding.Verdict, finding.Winner?.Entry.AnswerId == answerId, finding.Judgement.Check));
        var entry = new SemanticEntry
        {
            Id = id,
            Partition = finding.Partition,
            Question = finding.Question.Text,
            AnswerId = answerId,
            Answer = equal is { } kept && kept.ExpiresAt >= expiresAt ? kept.Answer : content,
            ExpiresAt = expiresAt,
        };
        await AddAsync(entry, finding.Vector, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets an answer that turned out to be wrong, with what is nearly the same question, and learns from it.</summary>
    public async ValueTask RejectAsync(SemanticFinding finding, CancellationToken cancellationToken)
    {
        if (finding is not { Verdict: { } verdict, Accepted: { } wrong })
        {
            return;
        }

        learning[finding.Question.Learner].LearnRejection(verdict);
        foreach (SemanticMatch match in finding.Matches)
        {
            bool isNear = match.Entry.Id == wrong.Id || (match.Entry.AnswerId == wrong.AnswerId && match.Similarity >= NearlyTheSame);
            if (isNear)
            {
                await index.RemoveAsync(finding.Partition, match.Entry.Id, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Neighbour[] NeighboursOf(IReadOnlyList<SemanticMatch> matches)
    {
        var neighbours = new Neighbour[matches.Count];
        for (int i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = new Neighbour(matches[i].Entry.Reading, matches[i].Entry.AnswerId, matches[i].Similarity);
        }

        return neighbours;
    }

    private async ValueTask AddAsync(SemanticEntry entry, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        try
        {
            await index.AddAsync(entry, vector, cancellationToken).ConfigureAwait(false);
            IndexSucceeded();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            IndexFailed(e);
        }
    }

    private async ValueTask<(IReadOnlyList<SemanticMatch> Matches, bool HasFailed)> SearchAsync(string partition, ReadOnlyMemory<float> vector, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<SemanticMatch> found;
        try
        {
            found = await index.SearchAsync(partition, vector, Neighbours, cancellationToken).ConfigureAwait(false);
            IndexSucceeded();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            IndexFailed(e);
            return ([], true);
        }

        double least = embedder.MinSimilarity;
        var matches = new List<SemanticMatch>(found.Count);
        foreach (SemanticMatch match in found)
        {
            if (match.Entry.Partition != partition)
            {
                SemanticLog.ForeignEntry(logger);
            }
            else if (match.Similarity >= least && match.Entry.ExpiresAt > now)
            {
                matches.Add(match);
            }
        }

        return (matches, false);
    }

    // Every request meets an index that is down; one line for all of them is enough.
    private void IndexFailed(Exception exception)
    {
        if (!Interlocked.Exchange(ref _isIndexDown, true))
        {
            SemanticLog.IndexFailed(logger, exception);
        }
    }

    private void IndexSucceeded()
    {
        if (Volatile.Read(ref _isIndexDown) && Interlocked.Exchange(ref _isIndexDown, false))
        {
            SemanticLog.IndexRecovered(logger);
        }
    }

    private SemanticEntry? FindEqual(SemanticFinding finding, string answer, Func<SemanticEntry, string?> textOf)
    {
        string id = AnswerComparer.IdOf(answer);
        foreach (SemanticMatch match in finding.Matches)
        {
            if (match.Entry.AnswerId == id)
            {
                return match.Entry;
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SemanticMatch match in finding.Matches)
        {
            if (seen.Add(match.Entry.AnswerId) && textOf(match.Entry) is { } text && _answers.AreAlike(answer, text))
            {
                return match.Entry;
            }
        }

        return null;
    }

    private void React(PartitionLearning learned, FalseHitAlarm alarm)
    {
        if (alarm is FalseHitAlarm.Tighten)
        {
            SemanticLog.Tightened(logger, learned.Health.Tightness);
        }
        else if (alarm is FalseHitAlarm.Disable)
        {
            SemanticLog.Disabled(logger, learned.Health.DisabledUntil ?? default);
        }
    }
}
