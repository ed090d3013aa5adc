using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Replays traffic with the SDK's index and votes but without its pipeline, to see what is known before each decision.</summary>
internal sealed class Replay : IDisposable
{
    private const int Neighbours = 16;
    private const string Partition = "replay";

    private readonly InMemorySemanticIndex _index = new(Options.Create(new SemanticCacheOptions()), TimeProvider.System);
    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly PartitionLearning _learning;
    private int _count;

    public Replay(AcceptancePrior prior, SemanticCacheOptions options)
    {
        _learning = new PartitionLearning(options, prior, new RandomSource(1), TimeProvider.System);
    }

    public List<(double[] Features, bool IsRight)> Observations { get; } = [];

    public void Dispose() => _index.Dispose();

    /// <summary>Replays; a fixed limit takes the place of the learned one.</summary>
    public void Run(IEnumerable<TraceRequest> requests, double? fixedLimit = null)
    {
        foreach (TraceRequest request in requests)
        {
            if (_exact.Contains(request.Query))
            {
                _learning.CountExact();
                continue;
            }

            Question asked = QuestionReader.Read(request.Query);
            float[] vector = new float[LexicalVector.Dimensions];
            LexicalVector.Fill(asked, vector);
            IReadOnlyList<SemanticMatch> matches = _index.SearchAsync(Partition, vector, Neighbours, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Neighbour[] neighbours = [.. matches.Select(static m => new Neighbour(m.Entry.Reading, m.Entry.AnswerId, m.Similarity))];
            Verdict? verdict = _learning.Weigh(asked, neighbours);
            bool isRight = verdict is { } v && neighbours[v.Winner].AnswerId == request.Cluster;
            Judgement judgement = _learning.Judge(asked, verdict);
            bool isAccepted = fixedLimit is { } limit && verdict is { IsIdentical: false } ? judgement.Risk <= limit : judgement.IsAccepted;
            if (verdict is { Features: { } features })
            {
                Observations.Add((features, isRight));
            }

            if (isAccepted && judgement.Check is ShadowCheck.None)
            {
                continue;
            }

            _learning.Learn(asked, verdict, isRight, judgement.Check);
            _exact.Add(request.Query);
            var entry = new SemanticEntry
            {
                Id = $"{_count++}",
                Partition = Partition,
                Question = request.Query,
                AnswerId = request.Cluster,
                Answer = default,
                ExpiresAt = DateTimeOffset.MaxValue,
            };
            _index.AddAsync(entry, vector, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
    }
}
