using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Vectors of one byte a dimension: a quarter of the memory, and more than precise enough to find neighbours.</summary>
/// <param name="dimensions">The number of dimensions.</param>
internal sealed class QuantizedVectors(int dimensions)
{
    private const int FirstCapacity = 64;

    // Rows are as long as the widest register, so that no row has a remainder.
    private readonly int _stride = (dimensions + 31) & ~31;
    private sbyte[] _values = [];
    private float[] _factors = [];

    /// <summary>Gets the number of dimensions.</summary>
    public int Dimensions => dimensions;

    /// <summary>Gets the bytes that a vector takes.</summary>
    public int BytesPerVector => _stride + sizeof(float);

    /// <summary>Makes a vector to search for.</summary>
    public QuantizedVector Quantize(ReadOnlySpan<float> vector)
    {
        sbyte[] values = new sbyte[_stride];
        return new QuantizedVector(values, Quantize(vector, values));
    }

    /// <summary>Puts a vector at a place.</summary>
    public void Set(int place, in QuantizedVector vector)
    {
        if (place >= _factors.Length)
        {
            int capacity = Math.Max(FirstCapacity, Math.Max(place + 1, _factors.Length * 2));
            Array.Resize(ref _values, capacity * _stride);
            Array.Resize(ref _factors, capacity);
        }

        vector.Values.Span.CopyTo(_values.AsSpan(place * _stride));
        _factors[place] = vector.Factor;
    }

    /// <summary>Gets a vector as one to search for.</summary>
    public QuantizedVector Get(int place) => new(_values.AsMemory(place * _stride, _stride), _factors[place]);

    /// <summary>Gets the cosine of the angle between a vector and the one at a place.</summary>
    public float Similarity(in QuantizedVector vector, int place) =>
        Dot(ref MemoryMarshal.GetReference(vector.Values.Span), ref _values[place * _stride], _stride) * vector.Factor * _factors[place];

    /// <summary>Gets the cosine of the angle between the vectors at two places.</summary>
    public float Similarity(int place, int other) =>
        Dot(ref _values[place * _stride], ref _values[other * _stride], _stride) * _factors[place] * _factors[other];

    // The factor makes the length 1.
    private static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> values)
    {
        float largest = 0;
        foreach (float value in vector)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (!(largest > 0) || !float.IsFinite(largest))
        {
            return 0;
        }

        float scale = sbyte.MaxValue / largest;
        long squares = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            values[i] = (sbyte)MathF.Round(vector[i] * scale);
            squares += values[i] * values[i];
        }

        return (float)(1 / Math.Sqrt(squares));
    }

    internal static int Dot(ref sbyte first, ref sbyte second, int length)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sum = Vector512<int>.Zero;
            for (nuint i = 0; i < (nuint)length; i += 32)
            {
                sum += Avx512BW.MultiplyAddAdjacent(
                    Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref first, i)), Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref second, i)));
            }

            return Vector512.Sum(sum);
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> sum = Vector256<int>.Zero;
            for (nuint i = 0; i < (nuint)length; i += 16)
            {
                sum += Avx2.MultiplyAddAdjacent(
                    Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref first, i)), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref second, i)));
            }

            return Vector256.Sum(sum);
        }

        return DotPortable(ref first, ref second, length);
    }

    internal static int DotPortable(ref sbyte first, ref sbyte second, int length)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (nuint i = 0; i < (nuint)length; i += 16)
        {
            (Vector128<short> firstLow, Vector128<short> firstHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref first, i));
            (Vector128<short> secondLow, Vector128<short> secondHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref second, i));
            sum += SumOfProducts(firstLow, secondLow) + SumOfProducts(firstHigh, secondHigh);
        }

        return Vector128.Sum(sum);
    }

    // A product of two bytes fits in 15 bits: multiplied as it is, and widened before it is added.
    private static Vector128<int> SumOfProducts(Vector128<short> first, Vector128<short> second)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(first * second);
        return low + high;
    }
}
