using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Remembers the last string read, for fields that are the same in every chunk of a stream.</summary>
internal struct StringMemo
{
    private byte[]? _raw;
    private int _length;

    public string? Value { get; private set; }

    public string? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return Value;
        }

        ReadOnlySpan<byte> raw = reader.ValueSpan;
        if (raw.IsEmpty || (_raw is not null && raw.SequenceEqual(_raw.AsSpan(0, _length))))
        {
            return Value;
        }

        if (_raw is null || _raw.Length < raw.Length)
        {
            _raw = new byte[raw.Length];
        }

        raw.CopyTo(_raw);
        _length = raw.Length;
        return Value = JsonText.Read(ref reader);
    }
}
