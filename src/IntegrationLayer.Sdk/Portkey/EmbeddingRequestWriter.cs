using System.Text.Json;
using IntegrationLayer.Sdk.Execution;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Writes the body of an embedding request.</summary>
internal static class EmbeddingRequestWriter
{
    public static PooledBuffer Write(in GatewayEmbeddingCall call)
    {
        if (call.Inputs.Count == 0)
        {
            throw PortkeyFailures.InvalidRequest("There is nothing to embed. Give at least one text.");
        }

        if (call.Options?.RawRepresentationFactory is not null)
        {
            throw PortkeyFailures.InvalidRequest(
                "EmbeddingGenerationOptions.RawRepresentationFactory is not supported. Put further fields of the body into AdditionalProperties.");
        }

        PooledBuffer buffer = new(1024);
        Utf8JsonWriter writer = JsonWriting.Rent(buffer);
        try
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, call.Deployment.ModelId);
            writer.WriteStartArray("input"u8);
            foreach (string input in call.Inputs)
            {
                writer.WriteStringValue(input);
            }

            writer.WriteEndArray();
            int? dimensions = call.Options?.Dimensions;
            if (dimensions is { } count)
            {
                writer.WriteNumber("dimensions"u8, count);
            }

            bool choosesFormat = call.Options?.AdditionalProperties?.ContainsKey("encoding_format") == true;
            if (!choosesFormat && call.Deployment.Provider is "openai" or "azure-openai" && call.Deployment.Account.CustomHost is null)
            {
                // A quarter of the size of decimal numbers, and exact.
                writer.WriteString("encoding_format"u8, "base64"u8);
            }

            ExtraFields.Write(writer, call.Options?.AdditionalProperties, name => name == "dimensions" && dimensions is not null);
            writer.WriteEndObject();
            writer.Flush();
        }
        catch
        {
            JsonWriting.Return(writer);
            buffer.Dispose();
            throw;
        }

        JsonWriting.Return(writer);
        return buffer;
    }
}
