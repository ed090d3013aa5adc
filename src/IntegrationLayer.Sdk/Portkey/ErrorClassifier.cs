using System.Globalization;

namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Says whose fault an error is and what class it has: by code and type first, then by text, then by status.</summary>
internal static class ErrorClassifier
{
    private static readonly string[] QuotaCodes =
        ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error", "insufficient_balance", "insufficient_credits",
         "insufficient_user_quota", "credit_balance_too_low", "exceeded_current_quota_error", "payment_required", "arrearage", "quota_exhausted"];

    private static readonly string[] QuotaTexts =
        ["credit balance is too low", "insufficient balance", "insufficient credit", "insufficient funds", "billing hard limit", "spending cap",
         "spending limit", "out of credits", "requires more credits", "no credits", "payment required", "budget exceeded", "usage limit exceeded"];

    private static readonly string[] ContextCodes = ["context_length_exceeded", "context_window_exceeded", "string_above_max_length"];

    private static readonly string[] ContextTexts =
        ["maximum context length", "context length", "context window", "context limit", "prompt is too long", "input is too long", "too many input tokens",
         "input token count", "maximum number of tokens", "reduce the length of the messages", "exceeds the model's maximum", "prompt too long"];

    private static readonly string[] PolicyCodes =
        ["content_policy_violation", "content_filter", "responsibleaipolicyviolation", "moderation_blocked", "data_inspection_failed", "safety",
         "prohibited_content", "cyber_policy_violation", "invalid_prompt"];

    private static readonly string[] PolicyTexts =
        ["content management policy", "content policy", "content filter", "safety system", "usage policies", "usage policy", "flagged as potentially violating",
         "blocked by safety", "data_inspection_failed"];

    private static readonly string[] ModelCodes =
        ["model_not_found", "model_not_available", "model_decommissioned", "deploymentnotfound", "unknown_model", "invalid_model"];

    private static readonly string[] CredentialCodes =
        ["invalid_api_key", "api_key_invalid", "authentication_error", "permission_error", "permission_denied", "unauthenticated", "account_deactivated", "invalid_authentication"];

    public static (LlmErrorClass Class, LlmErrorSource Source) Classify(int status, in ErrorBody body, bool isGatewayException)
    {
        if (isGatewayException || IsGatewayFault(status, body))
        {
            // An operation that the gateway does not offer for a provider: another provider's deployment may do.
            bool isUnsupported = body.Message is { } message && message.Contains("is not supported by", StringComparison.Ordinal);
            return (isUnsupported ? LlmErrorClass.ModelNotFound : LlmErrorClass.GatewayFault, LlmErrorSource.Gateway);
        }

        int effective = status is >= 200 and < 300 ? StatusOfCode(body) : status;
        LlmErrorSource source = IsFromGateway(status, body) ? LlmErrorSource.Gateway : LlmErrorSource.Provider;
        return (ByCode(effective, body) ?? ByText(effective, body) ?? ByStatus(effective, source) ?? ByType(body.Type), source);
    }

    /// <summary>Says whether the provider may have worked on the request although it ended in this error.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">What the body says.</param>
    /// <param name="errorClass">The class found.</param>
    /// <param name="hasRetryAfter">Whether the sender named a time to wait: then it turned the request away.</param>
    public static bool MayBeBilled(int status, in ErrorBody body, LlmErrorClass errorClass, bool hasRetryAfter)
    {
        if (body.IsHtmlMessage && body.Message is { } message
            && (message.Contains("ECONNREFUSED", StringComparison.Ordinal) || message.Contains("ENOTFOUND", StringComparison.Ordinal)
                || message.Contains("EAI_AGAIN", StringComparison.Ordinal) || message.Contains("Connect Timeout", StringComparison.Ordinal)))
        {
            return false;
        }

        return errorClass switch
        {
            LlmErrorClass.GuardrailDenied => body.HasAnswerHooks,
            LlmErrorClass.Timeout or LlmErrorClass.GatewayFault or LlmErrorClass.BadOutput => true,
            // A provider doesn't bill a request that it answered with an error; one that the gateway lost sight of it may.
            LlmErrorClass.ProviderUnavailable => !hasRetryAfter && (body.IsHtmlMessage || status is 504 or (>= 200 and < 300)),
            LlmErrorClass.Unknown => true,
            _ => status is >= 200 and < 300 && errorClass is not (LlmErrorClass.RateLimited or LlmErrorClass.QuotaExhausted or LlmErrorClass.Authentication),
        };
    }

    private static bool IsGatewayFault(int status, in ErrorBody body) =>
        status is >= 300 and < 400
        || (body.IsGateways && status >= 500)
        || (status == 404 && body.IsGateways)
        || (body.IsHtmlMessage && body.Message is { } message && message.StartsWith("Message: ", StringComparison.Ordinal)
            && !message.StartsWith("Message: fetch failed", StringComparison.Ordinal) && status == 500);

    private static bool IsFromGateway(int status, in ErrorBody body) =>
        body.IsGateways
        || status is 431 or 446
        || body.Type == "hooks_failed"
        || (status == 408 && body.Type == "timeout_error")
        || (body.Message is { } message && message.StartsWith("Portkey Error", StringComparison.Ordinal));

    // OpenRouter and others put the status that they would have sent into the error of a 200.
    private static int StatusOfCode(in ErrorBody body) =>
        int.TryParse(body.Code, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code is >= 400 and < 600 ? code : 0;

    private static LlmErrorClass? ByCode(int status, in ErrorBody body)
    {
        if (Has(QuotaCodes, body))
        {
            return LlmErrorClass.QuotaExhausted;
        }

        if (status == 446 || body.Type == "hooks_failed")
        {
            return LlmErrorClass.GuardrailDenied;
        }

        if (body.Code is "rate_limit_exceeded" or "too_many_requests")
        {
            return LlmErrorClass.RateLimited;
        }

        if (Has(ContextCodes, body))
        {
            return LlmErrorClass.ContextLength;
        }

        if (Has(PolicyCodes, body))
        {
            return LlmErrorClass.ContentPolicy;
        }

        if (Has(ModelCodes, body))
        {
            return LlmErrorClass.ModelNotFound;
        }

        return Has(CredentialCodes, body) ? LlmErrorClass.Authentication : null;
    }

    private static LlmErrorClass? ByText(int status, in ErrorBody body)
    {
        string? message = body.Message;
        if (message is null || body.IsHtmlMessage)
        {
            return null;
        }

        // Google words its limits by the minute like an exhausted quota; only its spending cap is one.
        bool isGoogles = string.Equals(body.Type, "RESOURCE_EXHAUSTED", StringComparison.Ordinal);
        if (Contains(QuotaTexts, message) || (!isGoogles && body.RetryDelay is null && Contains(message, "exceeded your current quota")))
        {
            return LlmErrorClass.QuotaExhausted;
        }

        if (status is not (0 or 400 or 403 or 404 or 413 or 422))
        {
            return null;
        }

        if (status is not (403 or 404) && Contains(ContextTexts, message))
        {
            return LlmErrorClass.ContextLength;
        }

        if (status != 404 && Contains(PolicyTexts, message))
        {
            return LlmErrorClass.ContentPolicy;
        }

        if (Contains(message, "model") && (Contains(message, "does not exist") || Contains(message, "not found") || Contains(message, "decommissioned")))
        {
            return LlmErrorClass.ModelNotFound;
        }

        return Contains(message, "API key not valid") || Contains(message, "invalid api key") ? LlmErrorClass.Authentication : null;
    }

    private static LlmErrorClass? ByStatus(int status, LlmErrorSource source) => status switch
    {
        0 => null,
        401 or 403 => LlmErrorClass.Authentication,
        402 or 412 => LlmErrorClass.QuotaExhausted,
        404 => source == LlmErrorSource.Gateway ? LlmErrorClass.GatewayFault : LlmErrorClass.ModelNotFound,
        408 => LlmErrorClass.Timeout,
        409 or 425 => LlmErrorClass.ProviderUnavailable,
        429 => LlmErrorClass.RateLimited,
        >= 400 and < 500 => LlmErrorClass.InvalidRequest,
        >= 500 and < 600 => LlmErrorClass.ProviderUnavailable,
        _ => LlmErrorClass.Unknown,
    };

    // Only for errors without a status: inside a 200 or a stream.
    private static LlmErrorClass ByType(string? type) => type?.ToUpperInvariant() switch
    {
        "RATE_LIMIT_ERROR" or "RATE_LIMIT_EXCEEDED" or "TOO_MANY_REQUESTS" or "RESOURCE_EXHAUSTED" or "TOKENS" or "REQUESTS" => LlmErrorClass.RateLimited,
        "NOT_FOUND_ERROR" or "NOT_FOUND" => LlmErrorClass.ModelNotFound,
        "INVALID_REQUEST_ERROR" or "INVALID_ARGUMENT" or "REQUEST_TOO_LARGE" => LlmErrorClass.InvalidRequest,
        "TIMEOUT_ERROR" or "DEADLINE_EXCEEDED" => LlmErrorClass.Timeout,
        _ => LlmErrorClass.ProviderUnavailable,
    };

    private static bool Has(string[] codes, in ErrorBody body)
    {
        foreach (string code in codes)
        {
            if (string.Equals(code, body.Code, StringComparison.OrdinalIgnoreCase) || string.Equals(code, body.Type, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(string[] texts, string message)
    {
        foreach (string text in texts)
        {
            if (Contains(message, text))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(string message, string text) => message.Contains(text, StringComparison.OrdinalIgnoreCase);
}
