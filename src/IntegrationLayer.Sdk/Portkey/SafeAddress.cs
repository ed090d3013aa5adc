namespace IntegrationLayer.Sdk.Portkey;

/// <summary>Shows an address from the configuration without what may be a secret in it: what stands before an @, a query and a fragment.</summary>
internal static class SafeAddress
{
    /// <summary>Gets what may be shown.</summary>
    public static string Of(Uri address)
    {
        string text = address.OriginalString;
        int end = text.AsSpan().IndexOfAny('?', '#');
        text = end < 0 ? text : text[..end];
        return text[(text.LastIndexOf('@') + 1)..];
    }
}
