using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.CatalogueTool.Sources;

/// <summary>Reads one JavaScript literal and writes it as JSON.</summary>
/// <param name="source">The source code.</param>
/// <param name="position">Where the literal begins.</param>
internal sealed class JsLiteralReader(string source, int position)
{
    private const int MaxDepth = 60;
    private int _position = position;

    /// <summary>Writes the literal.</summary>
    /// <returns><see langword="false"/> when the source is no literal; then what was written is useless.</returns>
    public bool TryWrite(Utf8JsonWriter writer) => TryValue(writer, 0);

    private bool TryValue(Utf8JsonWriter writer, int depth)
    {
        SkipTrivia();
        if (depth > MaxDepth || _position >= source.Length)
        {
            return false;
        }

        switch (source[_position])
        {
            case '{':
                return TryObject(writer, depth);
            case '[':
                return TryArray(writer, depth);
            case '"' or '\'' or '`':
                if (TryString() is not { } text)
                {
                    return false;
                }

                writer.WriteStringValue(text);
                return true;
            case '!':
                return TryWord(writer, "!0", "true") || TryWord(writer, "!1", "false");
            case '-' or '.' or (>= '0' and <= '9'):
                return TryNumber(writer);
            default:
                return TryWord(writer, "true", "true") || TryWord(writer, "false", "false")
                    || TryWord(writer, "null", "null") || TryWord(writer, "void 0", "null") || TryWord(writer, "undefined", "null");
        }
    }

    private bool TryObject(Utf8JsonWriter writer, int depth)
    {
        _position++;
        writer.WriteStartObject();
        while (!Accept('}'))
        {
            if (TryKey() is not { } key || !Accept(':'))
            {
                return false;
            }

            writer.WritePropertyName(key);
            if (!TryValue(writer, depth + 1) || !AtEndOrComma('}'))
            {
                return false;
            }
        }

        writer.WriteEndObject();
        return true;
    }

    private bool TryArray(Utf8JsonWriter writer, int depth)
    {
        _position++;
        writer.WriteStartArray();
        while (!Accept(']'))
        {
            if (!TryValue(writer, depth + 1) || !AtEndOrComma(']'))
            {
                return false;
            }
        }

        writer.WriteEndArray();
        return true;
    }

    private bool AtEndOrComma(char end)
    {
        if (Accept(','))
        {
            return true;
        }

        return _position < source.Length && source[_position] == end;
    }

    private string? TryKey()
    {
        SkipTrivia();
        if (_position < source.Length && source[_position] is '"' or '\'')
        {
            return TryString();
        }

        int start = _position;
        while (_position < source.Length && (char.IsLetterOrDigit(source[_position]) || source[_position] is '_' or '$'))
        {
            _position++;
        }

        return _position > start ? source[start.._position] : null;
    }

    private string? TryString()
    {
        char quote = source[_position++];
        StringBuilder text = new();
        while (_position < source.Length)
        {
            char next = source[_position++];
            if (next == quote)
            {
                return text.ToString();
            }

            if (next == '$' && quote == '`' && _position < source.Length && source[_position] == '{')
            {
                return null;
            }

            if (next != '\\')
            {
                text.Append(next);
            }
            else if (!TryEscape(text))
            {
                return null;
            }
        }

        return null;
    }

    private bool TryEscape(StringBuilder text)
    {
        if (_position >= source.Length)
        {
            return false;
        }

        char next = source[_position++];
        switch (next)
        {
            case 'n':
                text.Append('\n');
                return true;
            case 't':
                text.Append('\t');
                return true;
            case 'r':
                text.Append('\r');
                return true;
            case 'b':
                text.Append('\b');
                return true;
            case 'f':
                text.Append('\f');
                return true;
            case '\n':
                return true;
            case 'u':
                return TryHex(text, 4);
            case 'x':
                return TryHex(text, 2);
            default:
                text.Append(next);
                return true;
        }
    }

    private bool TryHex(StringBuilder text, int digits)
    {
        if (_position + digits > source.Length
            || !ushort.TryParse(source.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            return false;
        }

        text.Append((char)code);
        _position += digits;
        return true;
    }

    private bool TryNumber(Utf8JsonWriter writer)
    {
        int start = _position;
        while (_position < source.Length && (char.IsAsciiDigit(source[_position]) || source[_position] is '.' or 'e' or 'E' or '-' or '+'))
        {
            _position++;
        }

        if (!decimal.TryParse(source.AsSpan(start, _position - start), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            return false;
        }

        writer.WriteNumberValue(number);
        return true;
    }

    private bool TryWord(Utf8JsonWriter writer, string word, string json)
    {
        int end = _position + word.Length;
        if (string.CompareOrdinal(source, _position, word, 0, word.Length) != 0
            || (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] is '_' or '$')))
        {
            return false;
        }

        _position = end;
        writer.WriteRawValue(json);
        return true;
    }

    private bool Accept(char expected)
    {
        SkipTrivia();
        if (_position >= source.Length || source[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipTrivia()
    {
        while (_position < source.Length)
        {
            if (char.IsWhiteSpace(source[_position]))
            {
                _position++;
            }
            else if (string.CompareOrdinal(source, _position, "//", 0, 2) == 0)
            {
                int end = source.IndexOf('\n', _position);
                _position = end < 0 ? source.Length : end;
            }
            else if (string.CompareOrdinal(source, _position, "/*", 0, 2) == 0)
            {
                int end = source.IndexOf("*/", _position, StringComparison.Ordinal);
                _position = end < 0 ? source.Length : end + 2;
            }
            else
            {
                return;
            }
        }
    }
}
