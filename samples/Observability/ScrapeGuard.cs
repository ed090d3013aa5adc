using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Observability;

/// <summary>Lets this machine scrape, and others that know the token of METRICS_TOKEN.</summary>
internal static class ScrapeGuard
{
    private static readonly string? Token = Environment.GetEnvironmentVariable("METRICS_TOKEN");

    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // What a proxy on this machine passes on comes from elsewhere.
        bool isForwarded = context.Request.Headers.ContainsKey("X-Forwarded-For") || context.Request.Headers.ContainsKey("Forwarded");
        if (context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !isForwarded && string.IsNullOrEmpty(Token))
        {
            return next(context);
        }

        string given = context.Request.Headers.Authorization.ToString();
        if (!string.IsNullOrEmpty(Token) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes($"Bearer {Token}")))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
