using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Reads an embedding answer, with vectors as numbers or as Base64 of little-endian 32-bit floats.</summary>
internal static class EmbeddingReader
{
    /// <summary>Reads an answer.</summary>
    /// <returns>The embeddings in the order of the inputs; <see langword="null"/> if the answer is an error.</returns>
    /// <exception cref="JsonException">It is not the JSON of an answer, or doesn't have one vector for each input.</exception>
    public static GeneratedEmbeddings<Embedding<float>>? Read(ReadOnlySpan<byte> json, int count, string provider, DateTimeOffset now)
    {
        float[]?[] vectors = new float[count][];
        string? model = null;
        UsageCounter usage = default;
        Utf8JsonReader reader = new(json, JsonText.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The answer is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                ReadData(ref reader, vectors);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                model = JsonText.ReadNonEmpty(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                usage.Read(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8) || reader.ValueTextEquals("html-message"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
                {
                    return null;
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        GeneratedEmbeddings<Embedding<float>> embeddings = new(count) { Usage = usage.ToUsage(provider) };
        int? dimensions = null;
        foreach (float[]? vector in vectors)
        {
            if (vector is not { Length: > 0 } || (dimensions ??= vector.Length) != vector.Length)
            {
                throw new JsonException("There is not one vector of the same length for each input.");
            }

            embeddings.Add(new Embedding<float>(vector) { ModelId = model, CreatedAt = now });
        }

        return embeddings;
    }

    private static void ReadData(ref Utf8JsonReader reader, float[]?[] vectors)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The data are not an array.");
        }

        for (int position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            int index = position;
            float[]? vector = null;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("An embedding is not an object.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("index"u8))
                {
                    reader.Read();
                    index = reader.GetInt32();
                }
                else if (reader.ValueTextEquals("embedding"u8))
                {
                    reader.Read();
                    vector = ReadVector(ref reader);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            if ((uint)index >= (uint)vectors.Length || vectors[index] is not null)
            {
                throw new JsonException("An embedding has no input, or an input has two.");
            }

            vectors[index] = vector;
        }
    }

    private static float[] ReadVector(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Decode(ref reader);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A vector is neither an array nor Base64.");
        }

        float[] rented = ArrayPool<float>.Shared.Rent(1536);
        int length = 0;
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (length == rented.Length)
                {
                    float[] larger = ArrayPool<float>.Shared.Rent(length * 2);
                    rented.AsSpan().CopyTo(larger);
                    ArrayPool<float>.Shared.Return(rented);
                    rented = larger;
                }

                rented[length++] = Checked(reader.GetSingle());
            }

            return rented.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static float[] Decode(ref Utf8JsonReader reader)
    {
        byte[] bytes = reader.GetBytesFromBase64();
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new JsonException("A vector in Base64 is not a whole number of floats.");
        }

        float[] vector = new float[bytes.Length / sizeof(float)];
        for (int index = 0; index < vector.Length; index++)
        {
            vector[index] = Checked(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(index * sizeof(float))));
        }

        return vector;
    }

    private static float Checked(float value) => float.IsFinite(value) ? value : throw new JsonException("A vector holds a number that is not finite.");
}
