using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>
/// A successful answer to an embedding request: one vector for each input. Written as numbers, or as base64 of little-endian 32-bit floats
/// when the request's <c>encoding_format</c> says so. Immutable.
/// </summary>
public sealed class FakePortkeyEmbeddings : FakePortkeyAnswer
{
    private readonly Func<string, ReadOnlyMemory<float>> _vector;
    private int? _inputTokens;

    private FakePortkeyEmbeddings(Func<string, ReadOnlyMemory<float>> vector) => _vector = vector;

    /// <summary>Vectors computed from each text: equal texts get equal vectors of length 1, different texts unrelated ones.</summary>
    /// <param name="dimensions">The number of components, 1 to 16,384; the request's <c>dimensions</c> goes first.</param>
    /// <returns>The answer.</returns>
    public static FakePortkeyEmbeddings Hashed(int dimensions = 8)
    {
        RequireDimensions(dimensions);
        return new FakePortkeyEmbeddings(text => UnitVector(text, dimensions)) { RequestDimensionsApply = true };
    }

    /// <summary>Vectors that a function of the test finds for each text.</summary>
    /// <param name="vector">Gives the vector of a text.</param>
    /// <returns>The answer.</returns>
    public static FakePortkeyEmbeddings Of(Func<string, ReadOnlyMemory<float>> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return new FakePortkeyEmbeddings(vector);
    }

    /// <summary>Sets the input tokens that the answer reports; unless set, one for every four characters.</summary>
    /// <param name="inputTokens">The number of tokens.</param>
    /// <returns>A copy.</returns>
    public FakePortkeyEmbeddings WithUsage(int inputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        FakePortkeyEmbeddings copy = (FakePortkeyEmbeddings)MemberwiseClone();
        copy._inputTokens = inputTokens;
        return copy;
    }

    /// <summary>The kind of answer.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => "embeddings";

    private bool RequestDimensionsApply { get; init; }

    internal override WireResponse Play(WireContext context)
    {
        IReadOnlyList<string> inputs = RequestJson.Inputs(context.Request.Json);
        bool base64 = RequestJson.Text(context.Request.Json, "encoding_format") == "base64";
        Func<string, ReadOnlyMemory<float>> vector = _vector;
        if (RequestDimensionsApply && RequestJson.Property(context.Request.Json, "dimensions") is { ValueKind: JsonValueKind.Number } asked
            && asked.TryGetInt32(out int dimensions) && dimensions is > 0 and <= MaximumDimensions)
        {
            vector = text => UnitVector(text, dimensions);
        }

        WireResponse response = WireResponse.Whole(200, "application/json", JsonBytes.Object(json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (int i = 0; i < inputs.Count; i++)
            {
                WriteVector(json, i, vector(inputs[i]).Span, base64);
            }

            json.WriteEndArray();
            json.WriteString("model", context.Request.Model ?? "unknown");
            int tokens = _inputTokens ?? inputs.Sum(text => FakePortkeyUsage.Estimate(text.Length));
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", tokens);
            json.WriteNumber("total_tokens", tokens);
            json.WriteEndObject();
        }));
        context.AddGatewayHeaders(response);
        return response;
    }

    private const int MaximumDimensions = 16_384;

    private static void RequireDimensions(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaximumDimensions);
    }

    private static void WriteVector(Utf8JsonWriter json, int index, ReadOnlySpan<float> vector, bool base64)
    {
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", index);
        if (base64)
        {
            byte[] bytes = new byte[vector.Length * sizeof(float)];
            for (int i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            json.WriteBase64String("embedding", bytes);
        }
        else
        {
            json.WriteStartArray("embedding");
            foreach (float component in vector)
            {
                json.WriteNumberValue(component);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static float[] UnitVector(string text, int dimensions)
    {
        byte[] seed = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(seed, i);
            vector[i] = (BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(seed)) / (float)int.MaxValue) + float.Epsilon;
            squares += vector[i] * vector[i];
        }

        float length = (float)Math.Sqrt(squares);
        for (int i = 0; i < dimensions; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}
