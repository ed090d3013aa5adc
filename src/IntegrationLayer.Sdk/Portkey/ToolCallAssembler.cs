using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Puts tool calls together from the pieces in which they arrive.</summary>
/// <remarks>
/// A piece belongs to (1) the call whose id it bears; (2) a new call if the id is new, even where the index is in use; (3) without an id, the
/// last call opened under its index; (4) with neither, the call that is being written. Whole arguments sent again for the same call replace the first.
/// </remarks>
internal sealed class ToolCallAssembler : IDisposable
{
    private readonly List<Call> _calls = [];
    private Call? _open;

    public int Count => _calls.Count;

    /// <summary>Gets how many pieces have come.</summary>
    public int Pieces { get; private set; }

    /// <summary>Reads the value of a <c>tool_calls</c> property.</summary>
    public void ReadAll(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadPiece(ref reader);
        }
    }

    /// <summary>Reads the value of the <c>function_call</c> property of older servers.</summary>
    public void ReadFunction(ref Utf8JsonReader reader) => Apply(new Piece(), ref reader);

    /// <summary>Hands over the calls collected so far.</summary>
    /// <returns><see langword="false"/> if a call has no name: nobody could carry it out.</returns>
    public bool TryTake(List<AIContent> contents)
    {
        foreach (Call call in _calls)
        {
            if (string.IsNullOrEmpty(call.Name))
            {
                return false;
            }

            (Dictionary<string, object?>? arguments, Exception? error) = ToolArguments.Parse(call.Arguments.Span);
            FunctionCallContent content = new(call.Id ?? $"call_{Guid.NewGuid():N}", call.Name, arguments) { Exception = error };
            if (call.Signature is not null)
            {
                content.AdditionalProperties = new() { [MessageFields.ThoughtSignature] = call.Signature };
            }

            contents.Add(content);
        }

        Dispose();
        return true;
    }

    /// <summary>Hands over the calls that had come whole when the answer broke off.</summary>
    /// <remarks>The one that was being written is whole if its arguments are; but no arguments, or none yet (<c>{}</c>), may be a beginning.</remarks>
    public List<FunctionCallContent> TakeWhole()
    {
        List<FunctionCallContent> whole = [];
        foreach (Call call in _calls)
        {
            (Dictionary<string, object?>? arguments, Exception? error) = ToolArguments.Parse(call.Arguments.Span);
            bool isBeginning = call == _open && arguments is not { Count: > 0 };
            if (error is null && !isBeginning && call is { Id: not null, Name.Length: > 0 })
            {
                whole.Add(new FunctionCallContent(call.Id, call.Name, arguments));
            }
        }

        Dispose();
        return whole;
    }

    public void Dispose()
    {
        foreach (Call call in _calls)
        {
            call.Arguments.Dispose();
        }

        _calls.Clear();
        _open = null;
    }

    private void ReadPiece(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        // The function may come before the id that says which call it belongs to, so it is read last.
        Piece piece = default;
        Utf8JsonReader function = default;
        bool hasFunction = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                piece.Id = JsonText.ReadNonEmpty(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                piece.Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int index) ? index : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("function"u8))
            {
                reader.Read();
                function = reader;
                hasFunction = true;
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (hasFunction)
        {
            Apply(piece, ref function);
        }
        else if (piece.Id is not null)
        {
            // Announced first, described later.
            _open = Find(piece);
            Pieces++;
        }
    }

    private void Apply(Piece piece, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        Call call = _open = Find(piece);
        Pieces++;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                call.Name ??= JsonText.ReadNonEmpty(ref reader);
            }
            else if (reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                Append(call.Arguments, ref reader);
            }
            else if (reader.ValueTextEquals("thought_signature"u8))
            {
                reader.Read();
                call.Signature ??= JsonText.ReadNonEmpty(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private Call Find(Piece piece)
    {
        Call? found = null;
        if (piece.Id is not null)
        {
            found = _calls.Find(call => call.Id == piece.Id);
        }
        else if (piece.Index is not null)
        {
            found = _calls.FindLast(call => call.Index == piece.Index);
        }
        else
        {
            found = _open;
        }

        if (found is null)
        {
            found = new Call(piece.Id, piece.Index);
            _calls.Add(found);
        }

        return found;
    }

    private static void Append(PooledBuffer arguments, ref Utf8JsonReader reader)
    {
        // Some servers send the arguments as an object instead of as text.
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            arguments.Clear();
            arguments.Append(Encoding.UTF8.GetBytes(JsonElement.ParseValue(ref reader).GetRawText()));
            return;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }

        int before = arguments.Length;
        Copy(arguments, ref reader);
        ReadOnlySpan<byte> prior = arguments.Span[..before];
        ReadOnlySpan<byte> piece = arguments.Span[before..];

        // {} is how an empty start is announced; anything else that begins with what is already whole is the whole sent again.
        bool isRepeated = before > 0 && piece.Length > 0
            && (prior.SequenceEqual("{}"u8) ? piece[0] == '{' : piece.StartsWith(prior) && ToolArguments.IsComplete(prior));
        if (isRepeated)
        {
            byte[] again = piece.ToArray();
            arguments.Clear();
            arguments.Append(again);
        }
    }

    private static void Copy(PooledBuffer target, ref Utf8JsonReader reader)
    {
        try
        {
            target.Advance(reader.CopyString(target.GetSpan(Math.Max(reader.ValueSpan.Length, 1))));
        }
        catch (InvalidOperationException)
        {
            target.Append(Encoding.UTF8.GetBytes(JsonText.Read(ref reader)));
        }
    }

    private struct Piece
    {
        public string? Id;
        public int? Index;
    }

    private sealed class Call(string? id, int? index)
    {
        public string? Id { get; } = id;

        public int? Index { get; } = index;

        public string? Name { get; set; }

        public string? Signature { get; set; }

        public PooledBuffer Arguments { get; } = new(256);
    }
}
