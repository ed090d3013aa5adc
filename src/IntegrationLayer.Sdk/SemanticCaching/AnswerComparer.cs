using System.Globalization;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Tells whether two answers say the same: in the same words, or nearly so with the same numbers and negations.</summary>
/// <param name="similarity">How alike their lexical vectors must be if they aren't equal.</param>
internal sealed class AnswerComparer(double similarity)
{
    // Longer answers are compared by their beginnings, and must be equal to be the same.
    private const int LongestCompared = 8_000;

    /// <summary>Gets what an answer has in common with equal ones: a digest of its words, without regard to case, spaces and punctuation.</summary>
    public static string IdOf(string answer)
    {
        ulong hash = 0;
        ulong other = 1;
        foreach (QuestionToken token in QuestionTokenizer.Split(answer))
        {
            ulong word = WordHash.Of(token.Text);
            hash = WordHash.Mix(hash ^ word);
            other = WordHash.Mix((other * 31) + word);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{hash:x16}{other:x16}");
    }

    /// <summary>Whether two answers nearly say the same.</summary>
    public bool AreAlike(string answer, string other)
    {
        if (answer.Length > LongestCompared || other.Length > LongestCompared)
        {
            return false;
        }

        Question reading = QuestionReader.Read(answer);
        Question otherReading = QuestionReader.Read(other);
        if (reading.Numbers != otherReading.Numbers || reading.Turns != otherReading.Turns)
        {
            return false;
        }

        Span<float> vector = stackalloc float[LexicalVector.Dimensions];
        Span<float> otherVector = stackalloc float[LexicalVector.Dimensions];
        LexicalVector.Fill(reading, vector);
        LexicalVector.Fill(otherReading, otherVector);
        double product = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            product += vector[i] * otherVector[i];
        }

        return product >= similarity;
    }
}
