using System.Reflection;

namespace IntegrationLayer.Sdk.Redis.Caching;

/// <summary>The scripts of layout 1. Each is sent by its hash; StackExchange.Redis loads one that the server doesn't know, or has forgotten.</summary>
internal static class CacheScript
{
    public static string Invalidate { get; } = Read("invalidate");

    public static string Renew { get; } = Read("renew");

    public static string Leave { get; } = Read("leave");

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"IntegrationLayer.Sdk.Redis.Caching.{name}.1.lua")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
