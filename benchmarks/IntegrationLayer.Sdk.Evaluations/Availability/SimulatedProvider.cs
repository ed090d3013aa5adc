using System.Net;

namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>A provider that answers after a while, and sometimes badly: at random, and wholly while it is down.</summary>
internal sealed class SimulatedProvider(string name, double errorRate, Outages outages, Random random)
{
    private const string RateLimited = """{"error":{"message":"Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";
    private const string Broken = """{"error":{"message":"The server had an error while processing your request","type":"server_error","param":null,"code":null}}""";
    private const string Overloaded = """{"error":{"message":"The engine is currently overloaded, please try again later","type":"server_error","param":null,"code":null}}""";

    public string Name => name;

    /// <summary>Answers one call.</summary>
    public async Task<SimulatedAnswer> AnswerAsync(VirtualTime time, CancellationToken cancellationToken)
    {
        bool isDown = outages.IsDown(time.Now);
        if (!isDown && random.NextDouble() >= errorRate)
        {
            await time.Delay(Latency(), cancellationToken).ConfigureAwait(false);
            return SimulatedAnswer.Good;
        }

        // A provider that is down mostly says so; where it doesn't, calls hang. One that is up fails in more ways.
        double kind = random.NextDouble();
        if (kind < (isDown ? 0.2 : 0.05))
        {
            await time.Delay(TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false);
        }

        await time.Delay(TimeSpan.FromMilliseconds(20 + (random.NextDouble() * 80)), cancellationToken).ConfigureAwait(false);
        return (isDown ? 0.6 + (kind * 0.2) : kind) switch
        {
            < 0.35 => new SimulatedAnswer(HttpStatusCode.InternalServerError, Broken),
            < 0.50 => new SimulatedAnswer(HttpStatusCode.TooManyRequests, RateLimited),
            < 0.55 => new SimulatedAnswer(HttpStatusCode.OK, "<html><body>maintenance</body></html>"),
            < 0.60 => SimulatedAnswer.CutShort,
            < 0.80 => new SimulatedAnswer(HttpStatusCode.ServiceUnavailable, Overloaded),
            _ => new SimulatedAnswer(HttpStatusCode.BadGateway, Broken),
        };
    }

    // Log-normal, a second at the median.
    private TimeSpan Latency()
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return TimeSpan.FromSeconds(Math.Exp(0.4 * normal));
    }
}
