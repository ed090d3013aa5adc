using System.Buffers.Binary;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>What an <see cref="AcceptanceModel"/> knows before it has seen anything.</summary>
/// <param name="Weights">The weights, by <see cref="Feature"/>.</param>
/// <param name="Covariance">Their covariance, row by row.</param>
internal sealed record AcceptancePrior(double[] Weights, double[] Covariance)
{
    /// <summary>The name of the embedded file.</summary>
    public const string ResourceName = "IntegrationLayer.Sdk.SemanticCaching.acceptance.bin";

    private static readonly Lazy<AcceptancePrior> Content = new(Load);

    /// <summary>Gets the prior that the SDK ships.</summary>
    public static AcceptancePrior Embedded => Content.Value;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static AcceptancePrior Read(Stream stream)
    {
        double[] weights = ReadNumbers(stream, (int)Feature.Count);
        return new AcceptancePrior(weights, ReadNumbers(stream, weights.Length * weights.Length));
    }

    /// <summary>Writes the prior: single-precision numbers, the lowest byte first.</summary>
    public void Write(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (double number in Weights.Concat(Covariance))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)number);
            stream.Write(bytes);
        }
    }

    private static AcceptancePrior Load()
    {
        using Stream stream = typeof(AcceptancePrior).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {ResourceName}.");
        return Read(stream);
    }

    private static double[] ReadNumbers(Stream stream, int count)
    {
        byte[] bytes = new byte[count * sizeof(float)];
        stream.ReadExactly(bytes);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return numbers;
    }
}
