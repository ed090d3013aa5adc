using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Collects the fields around the choices of a stream that nobody knows, for its last update.</summary>
/// <remarks>Most of them repeat in every chunk: bytes that haven't changed are not read again.</remarks>
internal sealed class StreamExtras
{
    private const int Most = 32;
    private readonly List<Entry> _entries = [];

    /// <summary>Reads a field; the reader stands on its name.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="json">What it reads.</param>
    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        Utf8JsonReader value = reader;
        reader.Skip();
        ReadOnlySpan<byte> raw = json[start..(int)reader.BytesConsumed];
        if (raw.SequenceEqual("null"u8))
        {
            return;
        }

        Entry? entry = Find(name);
        if (entry is null)
        {
            if (_entries.Count >= Most)
            {
                return;
            }

            entry = new Entry(name.ToArray());
            _entries.Add(entry);
        }
        else if (raw.SequenceEqual(entry.Raw))
        {
            return;
        }

        entry.Raw = raw.ToArray();
        entry.Value = JsonText.ReadValue(ref value);
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
            if (entry.Value is { } value)
            {
                properties[JsonText.Name(entry.Name)] = value;
            }
        }

        _entries.Clear();
        return properties.Count == 0 ? null : properties;
    }

    private Entry? Find(ReadOnlySpan<byte> name)
    {
        foreach (Entry entry in _entries)
        {
            if (name.SequenceEqual(entry.Name))
            {
                return entry;
            }
        }

        return null;
    }

    private sealed class Entry(byte[] name)
    {
        public byte[] Name { get; } = name;

        public byte[] Raw { get; set; } = [];

        public object? Value { get; set; }
    }
}
