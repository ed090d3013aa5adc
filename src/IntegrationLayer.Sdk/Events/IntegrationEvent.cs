using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Events;

/// <summary>Something that happened, as a CloudEvent of version 1.0.</summary>
/// <param name="id">Its identifier, unique in its source.</param>
/// <param name="type">Its type: one of <see cref="IntegrationEventTypes"/>.</param>
/// <param name="time">When it happened.</param>
public sealed class IntegrationEvent(string id, string type, DateTimeOffset time)
{
    /// <summary>Gets the version of the CloudEvents specification.</summary>
    public static string SpecVersion => "1.0";

    /// <summary>Gets its identifier, unique in its source.</summary>
    public string Id { get; } = id;

    /// <summary>Gets its type: one of <see cref="IntegrationEventTypes"/>.</summary>
    public string Type { get; } = type;

    /// <summary>Gets when it happened.</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>Gets where it happened.</summary>
    /// <value>A URI reference; the default is <c>/integration-layer</c> and the host's name.</value>
    public string Source { get; init; } = DefaultSource;

    /// <summary>Gets what it happened to: a request's identifier, a deployment's or budget's name.</summary>
    public string? Subject { get; init; }

    /// <summary>Gets what is known of it: a JSON object in UTF-8, without prompts, answers or keys.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    private static string DefaultSource { get; } = $"/integration-layer/{Uri.EscapeDataString(Environment.MachineName)}";

    /// <summary>Writes the event in CloudEvents' JSON format.</summary>
    /// <returns>One line of JSON.</returns>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", SpecVersion);
            writer.WriteString("id", Id);
            writer.WriteString("source", Source);
            writer.WriteString("type", Type);
            writer.WriteString("time", Time);
            if (Subject is not null)
            {
                writer.WriteString("subject", Subject);
            }

            if (!Data.IsEmpty)
            {
                writer.WriteString("datacontenttype", "application/json");
                writer.WritePropertyName("data");
                writer.WriteRawValue(Data.Span);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
