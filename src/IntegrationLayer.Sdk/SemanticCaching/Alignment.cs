using System.Buffers;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Two questions laid side by side so that as many equal words as possible, in order, face each other.</summary>
internal sealed class Alignment
{
    private readonly List<Word> _gapInAsked = [];
    private readonly List<Word> _gapInKnown = [];

    private Alignment()
    {
    }

    /// <summary>Gets the words that only the question has that is asked.</summary>
    public List<Word> OnlyInAsked { get; } = [];

    /// <summary>Gets the words that only the question has that was answered.</summary>
    public List<Word> OnlyInKnown { get; } = [];

    /// <summary>Gets a value indicating whether every word of one faces the same word of the other, in the same form or misspelt.</summary>
    public bool IsWordForWord { get; private set; } = true;

    /// <summary>Gets at how many places words of meaning stand in the place of others.</summary>
    public int Substitutions { get; private set; }

    /// <summary>Aligns two questions by their longest common subsequence.</summary>
    public static Alignment Of(Question asked, Question known)
    {
        ReadOnlySpan<Word> first = asked.Words;
        ReadOnlySpan<Word> second = known.Words;
        int width = second.Length + 1;
        byte[] lengths = ArrayPool<byte>.Shared.Rent((first.Length + 1) * width);
        bool[] equals = ArrayPool<bool>.Shared.Rent(first.Length * width);
        try
        {
            lengths.AsSpan(first.Length * width, width).Clear();
            for (int i = first.Length - 1; i >= 0; i--)
            {
                lengths[(i * width) + second.Length] = 0;
                for (int j = second.Length - 1; j >= 0; j--)
                {
                    int at = (i * width) + j;
                    equals[at] = Spelling.AreSame(asked, first[i], known, second[j]);
                    lengths[at] = equals[at]
                        ? (byte)Math.Min(byte.MaxValue, lengths[at + width + 1] + 1)
                        : Math.Max(lengths[at + width], lengths[at + 1]);
                }
            }

            return Walk(first, second, lengths, equals);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(lengths);
            ArrayPool<bool>.Shared.Return(equals);
        }
    }

    private static Alignment Walk(ReadOnlySpan<Word> first, ReadOnlySpan<Word> second, byte[] lengths, bool[] equals)
    {
        var alignment = new Alignment();
        int width = second.Length + 1;
        int i = 0;
        int j = 0;
        while (i < first.Length || j < second.Length)
        {
            int at = (i * width) + j;
            if (i < first.Length && j < second.Length && equals[at] && lengths[at] == lengths[at + width + 1] + 1)
            {
                alignment.CloseGap();
                alignment.IsWordForWord &= first[i].Hash == second[j].Hash || first[i].Stem != second[j].Stem;
                i++;
                j++;
            }
            else if (j == second.Length || (i < first.Length && lengths[at + width] >= lengths[at + 1]))
            {
                alignment._gapInAsked.Add(first[i++]);
            }
            else
            {
                alignment._gapInKnown.Add(second[j++]);
            }
        }

        alignment.CloseGap();
        return alignment;
    }

    private void CloseGap()
    {
        if (_gapInAsked.Count + _gapInKnown.Count == 0)
        {
            return;
        }

        IsWordForWord = false;
        bool hasContent = _gapInAsked.Exists(static w => w.IsContent);
        bool facesContent = _gapInKnown.Exists(static w => w.IsContent);
        Substitutions += (hasContent && facesContent) || ((hasContent || facesContent) && _gapInAsked.Count == 1 && _gapInKnown.Count == 1) ? 1 : 0;
        OnlyInAsked.AddRange(_gapInAsked);
        OnlyInKnown.AddRange(_gapInKnown);
        _gapInAsked.Clear();
        _gapInKnown.Clear();
    }
}
