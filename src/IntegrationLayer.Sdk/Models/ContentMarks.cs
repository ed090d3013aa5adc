namespace IntegrationLayer.Sdk.Models;

/// <summary>Keys of a content's additional properties that more than one step of a request reads.</summary>
internal static class ContentMarks
{
    /// <summary>Marks where the provider's prompt cache is to be written up to: sent with the content, and priced.</summary>
    public const string CacheControl = "cache_control";
}
