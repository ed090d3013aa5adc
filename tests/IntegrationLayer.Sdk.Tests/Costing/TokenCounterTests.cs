using System.Globalization;
using System.Text;
using IntegrationLayer.Sdk.Costing;

namespace IntegrationLayer.Sdk.Tests.Costing;

public sealed class TokenCounterTests
{
    private static readonly TokenCounter Counter = new(TokenVocabulary.LoadO200k());

    [Test]
    public void Count_equals_that_of_the_reference_tokenizer()
    {
        // Made once with gpt-tokenizer 4.0.0 (npm): random mixtures of scripts, marks, white space and punctuation, and natural texts.
        using StreamReader vectors = new(typeof(TokenCounterTests).Assembly.GetManifestResourceStream("o200k_vectors.tsv")!);
        int compared = 0;
        while (vectors.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            byte[] utf8 = Convert.FromBase64String(parts[0]);
            string text = Encoding.UTF8.GetString(utf8);
            int expected = int.Parse(parts[1], CultureInfo.InvariantCulture);

            Assert.That(Counter.Count(text), Is.EqualTo(expected), text);
            Assert.That(Counter.CountUtf8(utf8), Is.EqualTo(expected), text);
            compared++;
        }

        Assert.That(compared, Is.GreaterThan(1_300));
    }

    // JavaScript's white space lacks U+0085, so the vectors do too; the original tokenizer's has it.
    [Test]
    public void Next_line_character_is_white_space() => Assert.That(Counter.Count("a\u0085\u0085'sx"), Is.EqualTo(Counter.Count("a\u0085") + Counter.Count("\u0085") + Counter.Count("'sx")));

    [Test]
    public void Empty_text_has_no_tokens()
    {
        Assert.That(Counter.Count(""), Is.Zero);
        Assert.That(Counter.CountUtf8([]), Is.Zero);
        Assert.That(Counter.CountRemembered(""), Is.Zero);
    }

    [Test]
    public void Lone_surrogate_counts_as_the_replacement_character() =>
        Assert.That(Counter.Count("a\uD83D b"), Is.EqualTo(Counter.Count("a\uFFFD b")));

    [Test]
    public void Broken_utf8_is_counted_and_ends() => Assert.That(Counter.CountUtf8([0xF0, 0x9F, (byte)'a', 0xFF]), Is.InRange(2, 4));

    [Test]
    public void Long_text_is_cut_into_blocks_at_the_cost_of_two_tokens_each()
    {
        string sentence = " The harbour was quiet; 42 boats lay at anchor.";
        int one = Counter.Count(sentence);
        int repeats = (3 * TokenCounter.LongestBlock / sentence.Length) + 1;

        Assert.That(Counter.Count(string.Concat(Enumerable.Repeat(sentence, repeats))), Is.InRange(one * repeats, (one * repeats) + 6));
    }

    [Test]
    public void Surrogate_pair_is_not_cut_between_blocks()
    {
        string text = new string('a', TokenCounter.LongestBlock - 1) + "🙂" + "b";

        Assert.That(Counter.Count(text), Is.EqualTo(Counter.Count(text.AsSpan(0, text.Length - 3)) + Counter.Count("🙂b")));
    }

    [Test]
    public void Long_piece_is_cut_at_128_bytes() =>
        Assert.That(Counter.Count(new string('x', 10 * TokenCounter.LongestPiece)), Is.EqualTo(10 * Counter.Count(new string('x', TokenCounter.LongestPiece))));

    [Test]
    public void Remembered_count_equals_a_fresh_one()
    {
        string text = string.Concat(Enumerable.Repeat("remember me, ", 20));

        int first = Counter.CountRemembered(text);
        int second = Counter.CountRemembered(text);

        Assert.That((first, second), Is.EqualTo((Counter.Count(text), Counter.Count(text))));
    }

    [Test]
    public void Counting_from_many_threads_gives_the_same_result()
    {
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => $"qz{i * 7919:x} wq{i}ghj — numéro {i}, {i}文字 " + new string((char)('a' + (i % 26)), 70))];
        int[] expected = [.. texts.Select(text => new TokenCounter(TokenVocabularyOnce.Value).Count(text))];
        int[] counted = new int[texts.Length];

        Parallel.For(0, texts.Length, i => counted[i] = Counter.CountRemembered(texts[i]));

        Assert.That(counted, Is.EqualTo(expected));
    }

    [Test]
    public void Counting_allocates_nothing()
    {
        string text = string.Concat(Enumerable.Repeat("No garbage on the hot path, please. ", 50));
        Counter.Count(text);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Counter.Count(text);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    private static readonly Lazy<TokenVocabulary> TokenVocabularyOnce = new(TokenVocabulary.LoadO200k);
}
