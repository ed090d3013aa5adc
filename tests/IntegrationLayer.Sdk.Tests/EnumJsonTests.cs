using System.Text.Json;
using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests;

internal sealed class EnumJsonTests
{
    [Test]
    public void Receipts_say_by_name_what_happened()
    {
        var attempt = new LlmAttempt { Deployment = "a/b", Provider = "openai", Error = LlmErrorClass.RateLimited };
        string json = JsonSerializer.Serialize(new { attempt.Error, Cache = CacheOutcome.Miss, Status = PriceStatus.UpperBound, Source = LlmErrorSource.Provider, Needs = ModelCapabilities.Tools | ModelCapabilities.Vision });

        Assert.That(json, Is.EqualTo("""{"Error":"RateLimited","Cache":"Miss","Status":"UpperBound","Source":"Provider","Needs":"Tools, Vision"}"""));
        Assert.That(JsonSerializer.Deserialize<LlmAttempt>(JsonSerializer.Serialize(attempt)), Is.EqualTo(attempt));
    }
}
