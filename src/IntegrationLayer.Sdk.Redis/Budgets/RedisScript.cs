using System.Reflection;

namespace IntegrationLayer.Sdk.Redis.Budgets;

/// <summary>The scripts of layout 1. Each is sent by its hash; StackExchange.Redis loads one that the server doesn't know, or has forgotten.</summary>
internal static class RedisScript
{
    private static readonly string Common = Read("common");

    public static string Reserve { get; } = Common + Read("reserve");

    public static string Replace { get; } = Common + Read("replace");

    public static string Settle { get; } = Common + Read("settle");

    public static string Mark { get; } = Common + Read("mark");

    public static string Usage { get; } = Common + Read("usage");

    public static string Begin { get; } = Common + Read("begin");

    public static string Seed { get; } = Common + Read("seed");

    public static string Lease { get; } = Common + Read("lease");

    public static string Recall { get; } = Common + Read("recall");

    public static string Epoch { get; } = Common + Read("epoch");

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"IntegrationLayer.Sdk.Redis.Budgets.{name}.1.lua")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
