using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Puts the headers of one call on its request.</summary>
/// <remarks>All of them are checked by <see cref="HeaderRules"/>; the platform would check and parse each once more, and write Authorization anew.</remarks>
internal static class RequestHeaders
{
    private const int LongestMetadata = 128;
    private const int MostTags = 16;
    private static readonly MetadataMemo KnownMetadata = new();

    /// <summary>Adds all headers.</summary>
    /// <exception cref="LlmException">One of them, or all together, can't be sent.</exception>
    public static void Add(HttpRequestMessage request, CallFacts facts)
    {
        AccountHeaders account = AccountHeaders.Of(facts.Deployment.Account, facts.Options);
        IReadOnlyList<KeyValuePair<string, string>> ofAccount = account.All;
        for (int i = 0; i < ofAccount.Count; i++)
        {
            AddAsIs(request, ofAccount[i].Key, ofAccount[i].Value);
        }

        int size = account.Size;
        AddChecked(request, PortkeyHeaders.TraceId, facts.Envelope.TraceId, ref size);
        AddChecked(request, PortkeyHeaders.Metadata, KnownMetadata.Get(facts.Envelope.Context, Metadata), ref size);
        AddChecked(request, PortkeyHeaders.RequestTimeout, Timeout(facts.Envelope.Remaining), ref size);
        string? forwarded = account.ForwardHeaders;
        if (!string.IsNullOrEmpty(facts.Envelope.Context.IdempotencyKey))
        {
            AddChecked(request, PortkeyHeaders.IdempotencyKey, facts.Envelope.Context.IdempotencyKey, ref size);
            forwarded = string.IsNullOrEmpty(forwarded) ? PortkeyHeaders.IdempotencyKey : $"{forwarded},{PortkeyHeaders.IdempotencyKey}";
        }

        // With a trace, the provider's side may be a part of it: a gateway or a model of one's own.
        if (Activity.Current is not null)
        {
            forwarded = string.IsNullOrEmpty(forwarded) ? PortkeyHeaders.TraceParent : $"{forwarded},{PortkeyHeaders.TraceParent}";
        }

        AddChecked(request, PortkeyHeaders.ForwardHeaders, forwarded, ref size);
        if (!facts.IsStream)
        {
            // A compressed stream would come in fewer, later pieces.
            AddChecked(request, PortkeyHeaders.AcceptEncoding, BodyReader.Encoding, ref size);
        }

        if (size > HeaderRules.LargestTotal)
        {
            throw PortkeyFailures.InvalidRequest(
                $"The headers of the request take {size} bytes; gateways accept {HeaderRules.LargestTotal}. Shorten the tags, or the headers of account '{facts.Deployment.Account.Name}'.",
                facts.Envelope.TraceId);
        }
    }

    // What is left, in whole milliseconds. Node fires timers beyond 2^31-1 ms at once, so none is better than such a one.
    private static string? Timeout(TimeSpan remaining)
    {
        double milliseconds = Math.Ceiling(remaining.TotalMilliseconds);
        return remaining == System.Threading.Timeout.InfiniteTimeSpan || milliseconds > int.MaxValue
            ? null
            : ((int)Math.Max(1, milliseconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static void AddChecked(HttpRequestMessage request, string name, string? value, ref int size)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (HeaderRules.CheckValue(name, value) is { } error)
        {
            throw PortkeyFailures.InvalidRequest(error);
        }

        AddAsIs(request, name, value);
        size += HeaderRules.Size(name, value);
    }

    private static void AddAsIs(HttpRequestMessage request, string name, string value)
    {
#pragma warning disable RS0030 // The values that get here were checked: those of an account when its headers were put together, all others one by one.
        request.Headers.TryAddWithoutValidation(name, value);
#pragma warning restore RS0030
    }

    private static string Metadata(LlmRequestContext context)
    {
        if (context.Tags.Count > MostTags)
        {
            throw PortkeyFailures.InvalidRequest($"The request has {context.Tags.Count} tags. At most {MostTags} can be sent.");
        }

        // The result is always fit for a header: the writer escapes everything that is not ASCII, and control characters.
        using PooledBuffer json = new(512);
        Utf8JsonWriter writer = JsonWriting.RentAscii(json);
        try
        {
            writer.WriteStartObject();
            Write(writer, "_user", context.UserId);
            Write(writer, "tenant", context.TenantId);
            Write(writer, "team", context.TeamId);
            Write(writer, "operation", context.Operation);
            foreach ((string key, string value) in context.Tags)
            {
                if (key is "_user" or "tenant" or "team" or "operation" || key.Length is 0 or > LongestMetadata)
                {
                    throw PortkeyFailures.InvalidRequest(
                        $"A tag can't be named '{SafeText.CleanCode(key) ?? "?"}'. Use another name, of at most {LongestMetadata} characters.");
                }

                Write(writer, key, value);
            }

            writer.WriteEndObject();
            writer.Flush();
            return Encoding.ASCII.GetString(json.Span);
        }
        finally
        {
            JsonWriting.ReturnAscii(writer);
        }
    }

    private static void Write(Utf8JsonWriter writer, string key, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (value.Length > LongestMetadata)
        {
            throw PortkeyFailures.InvalidRequest($"The metadata '{SafeText.CleanCode(key) ?? "?"}' has {value.Length} characters. Portkey takes at most {LongestMetadata}.");
        }

        writer.WriteString(key, value);
    }
}
