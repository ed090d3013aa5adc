namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>The calls of a request as a JSON array, if there is more to say of them than the record's own columns do: several calls, or one that failed.</summary>
internal static class AttemptText
{
    public static string? Of(IReadOnlyList<LlmAttempt> attempts)
    {
        if (attempts.Count == 0 || (attempts.Count == 1 && attempts[0].Error is LlmErrorClass.None))
        {
            return null;
        }

        using var json = new JsonText();
        json.Writer.WriteStartArray();
        for (int i = 0; i < attempts.Count; i++)
        {
            LlmAttempt attempt = attempts[i];
            json.Writer.WriteStartObject();
            json.Writer.WriteString("deployment", attempt.Deployment);
            json.Writer.WriteString("provider", attempt.Provider);
            json.Writer.WriteNumber("duration_us", attempt.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
            json.Writer.WriteNumber("cost_usd", attempt.Cost.Usd);
            json.Writer.WriteString("price_status", EnumNames.Of(attempt.Cost.Status));
            if (attempt.Error is not LlmErrorClass.None)
            {
                json.Writer.WriteString("error", attempt.Error.ToString());
            }

            if (attempt.StatusCode is { } status)
            {
                json.Writer.WriteNumber("status_code", status);
            }

            if (attempt.IsHedge)
            {
                json.Writer.WriteBoolean("is_hedge", true);
            }

            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
        return json.ToString();
    }
}
