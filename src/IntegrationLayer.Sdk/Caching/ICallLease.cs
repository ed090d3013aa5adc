namespace IntegrationLayer.Sdk.Caching;

/// <summary>The right of this process to make one call, for which others wait.</summary>
internal interface ICallLease
{
    /// <summary>Lets the others go on: the answer can be found now, or there will be none.</summary>
    /// <returns>A task that ends when they are told. It doesn't fail.</returns>
    Task EndAsync();
}
