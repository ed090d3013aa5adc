namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>In how many questions of a partition each word occurs: a rare word says more than a common one.</summary>
internal sealed class WordFrequencies
{
    // Words beyond that are those of rare questions: the rarest go.
    private const int MostWords = 50_000;

    // As if five questions had been seen before the first, so that nothing is certain at once.
    private const double Prior = 5;

    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>Gets the number of questions.</summary>
    public int Questions { get; private set; }

    /// <summary>Gets in how many questions a word occurs.</summary>
    public int this[ulong stem] => _counts.GetValueOrDefault(stem);

    /// <summary>Counts a question.</summary>
    public void Add(Question question)
    {
        Questions++;
        foreach (ulong stem in question.Content)
        {
            _counts[stem] = _counts.GetValueOrDefault(stem) + 1;
        }

        if (_counts.Count > MostWords)
        {
            Halve();
        }
    }

    /// <summary>Gets a word's weight: the logarithm of its inverse frequency.</summary>
    public double WeightOf(ulong stem) => Math.Log((1 + Prior + Questions) / (1.0 + this[stem]));

    private void Halve()
    {
        Questions /= 2;
        foreach ((ulong stem, int count) in _counts.ToArray())
        {
            if (count < 2)
            {
                _counts.Remove(stem);
            }
            else
            {
                _counts[stem] = count / 2;
            }
        }
    }
}
