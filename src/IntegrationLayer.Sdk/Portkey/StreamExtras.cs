using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Collects the fields around the choices of a stream that nobody knows, for its last update. Most of them repeat in every chunk.</summary>
internal sealed class StreamExtras
{
    private const int Most = 32;
    private readonly List<Entry> _entries = [];

    /// <summary>Reads a field; the reader stands on its name.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        Entry? entry = null;
        foreach (Entry known in _entries)
        {
            if (reader.ValueTextEquals(known.Name))
            {
                entry = known;
                break;
            }
        }

        Utf8JsonReader name = reader;
        reader.Read();
        int hash = Hash(reader);
        if ((entry is not null && entry.Hash == hash) || JsonText.ReadValue(ref reader) is not { } value)
        {
            reader.Skip();
            return;
        }

        if (entry is null)
        {
            if (_entries.Count >= Most)
            {
                return;
            }

            entry = new Entry(JsonText.Read(ref name));
            _entries.Add(entry);
        }

        entry.Hash = hash;
        entry.Value = value;
    }

    /// <summary>Hands over what was collected; <see langword="null"/> if there is nothing.</summary>
    public AdditionalPropertiesDictionary? Take()
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        AdditionalPropertiesDictionary properties = [];
        foreach (Entry entry in _entries)
        {
            properties[entry.Name] = entry.Value;
        }

        _entries.Clear();
        return properties;
    }

    // The reader is a copy: it may run ahead to the end of the value.
    private static int Hash(Utf8JsonReader reader)
    {
        HashCode hash = new();
        int depth = reader.CurrentDepth;
        hash.AddBytes(reader.ValueSpan);
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                hash.AddBytes(reader.ValueSpan);
            }
        }

        return hash.ToHashCode();
    }

    private sealed class Entry(string name)
    {
        public string Name { get; } = name;

        public int Hash { get; set; }

        public object? Value { get; set; }
    }
}
