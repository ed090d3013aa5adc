using System.Text.Json;

namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>The steps of a streamed chat completion, with its faults.</summary>
internal sealed class ChatStream
{
    private readonly ChatJson _json;
    private readonly bool _usageRequested;
    private readonly IReadOnlyList<FakePortkeyStreamFault> _faults;
    private readonly bool _crLf;
    private readonly bool _splitUtf8;
    private readonly string? _comment;

    /// <summary>Prepares the stream.</summary>
    public ChatStream(ChatJson json, bool usageRequested, IReadOnlyList<FakePortkeyStreamFault> faults)
    {
        _json = json;
        _faults = faults;
        _crLf = Has(StreamFaultKind.CrLf);
        _splitUtf8 = Has(StreamFaultKind.SplitUtf8);
        _comment = faults.FirstOrDefault(fault => fault.Kind == StreamFaultKind.Comments)?.Text;
        _usageRequested = !Has(StreamFaultKind.NoUsage) && (usageRequested || json.Dialect != Dialect.OpenAi);
    }

    /// <summary>Members of a chunk that is not the last: OpenAI sends null when usage was asked for, Google the usage so far.</summary>
    private bool? UsageOnTheWay => (_usageRequested, _json.Dialect) switch
    {
        (true, Dialect.OpenAi) => false,
        (true, Dialect.Google) => true,
        _ => null,
    };

    /// <summary>The steps, in order.</summary>
    /// <param name="hookResults">An event that a failed, non-denying input guardrail puts first; null for none.</param>
    /// <param name="deltas">The content, one chunk each.</param>
    /// <param name="interval">Time before each content chunk; zero needs no clock.</param>
    /// <param name="finishReason">The finish reason.</param>
    public IEnumerable<WireStep> Steps(
        ReadOnlyMemory<byte>? hookResults, IReadOnlyList<Action<Utf8JsonWriter>> deltas, TimeSpan interval, string finishReason)
    {
        IEnumerable<WireStep> opening = hookResults is { } hooks ? Event(hooks) : [];
        opening = opening.Concat(Event(_json.Chunk(WriteRole, null, UsageOnTheWay)));
        foreach (WireStep step in opening)
        {
            yield return step;
        }

        for (int sent = 0; sent <= deltas.Count; sent++)
        {
            foreach (FakePortkeyStreamFault fault in FaultsAt(sent, deltas.Count))
            {
                foreach (WireStep step in Play(fault))
                {
                    yield return step;
                }

                if (fault.Kind is StreamFaultKind.Truncate or StreamFaultKind.Reset or StreamFaultKind.ErrorEvent or StreamFaultKind.ErrorFinish)
                {
                    yield break;
                }
            }

            if (sent < deltas.Count && interval > TimeSpan.Zero)
            {
                yield return new WireStep.Wait(interval);
            }

            IEnumerable<WireStep> next = sent < deltas.Count ? Event(_json.Chunk(deltas[sent], null, UsageOnTheWay)) : Ending(finishReason);
            foreach (WireStep step in next)
            {
                yield return step;
            }
        }
    }

    private static void WriteRole(Utf8JsonWriter json)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", string.Empty);
    }

    private static ReadOnlyMemory<byte> ErrorEvent(string message) => JsonBytes.Object(json =>
        ErrorJson.WriteError(json, message, "server_error", param: null, code: null));

    private bool Has(StreamFaultKind kind) => _faults.Any(fault => fault.Kind == kind);

    private IEnumerable<FakePortkeyStreamFault> FaultsAt(int sent, int count) => _faults.Where(fault =>
        fault.Kind <= StreamFaultKind.Junk && Math.Min(fault.After, count) == sent);

    private IEnumerable<WireStep> Play(FakePortkeyStreamFault fault) => fault.Kind switch
    {
        StreamFaultKind.Reset => [new WireStep.Reset()],
        StreamFaultKind.ErrorEvent => Event(ErrorEvent(fault.Text)),
        StreamFaultKind.ErrorFinish => Event(_json.ErrorFinishChunk(fault.Text)).Append(Done()),
        StreamFaultKind.Stall => [new WireStep.Hold(fault.Release!)],
        StreamFaultKind.Pause => [new WireStep.Wait(fault.Duration)],
        StreamFaultKind.Junk => Event(System.Text.Encoding.UTF8.GetBytes(fault.Text)),
        _ => [],
    };

    private IEnumerable<WireStep> Ending(string finishReason)
    {
        bool usageHere = _usageRequested && _json.Dialect != Dialect.OpenAi;
        IEnumerable<WireStep> steps = Event(_json.Chunk(_ => { }, finishReason, usageHere ? true : UsageOnTheWay));
        if (_usageRequested && _json.Dialect == Dialect.OpenAi)
        {
            steps = steps.Concat(Event(_json.UsageChunk()));
        }

        return Has(StreamFaultKind.NoDone) ? steps : steps.Append(Done());
    }

    private WireStep.Write Done() => new(SseText.Done(_crLf));

    private IEnumerable<WireStep> Event(ReadOnlyMemory<byte> payload)
    {
        if (_comment is not null)
        {
            yield return new WireStep.Write(SseText.Comment(_comment, _crLf));
        }

        ReadOnlyMemory<byte> bytes = SseText.Event(payload, _crLf);
        foreach (ReadOnlyMemory<byte> piece in _splitUtf8 ? SseText.SplitInsideCharacters(bytes) : [bytes])
        {
            yield return new WireStep.Write(piece);
        }
    }
}
