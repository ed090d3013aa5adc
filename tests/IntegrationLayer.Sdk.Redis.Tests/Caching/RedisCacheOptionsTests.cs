using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Redis.Caching;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Redis.Tests.Caching;

internal sealed class RedisCacheOptionsTests
{
    [Test]
    public void Defaults_are_right() => Assert.That(ErrorOf(_ => { }), Is.Null);

    [Test]
    public void Settings_that_cant_be_right_are_refused_with_their_cure()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ErrorOf(o => o.Timeout = TimeSpan.FromMinutes(1)), Does.Contain("Timeout is 00:01:00; set it from 00:00:00.0010000 to 00:00:10"));
            Assert.That(ErrorOf(o => o.MemoryTimeToLive = TimeSpan.Zero), Does.Contain("MemoryTimeToLive is 00:00:00"));
            Assert.That(ErrorOf(o => o.MaxPayloadBytes = 1), Does.Contain("MaxPayloadBytes is 1; set it from 1024 to 268435456"));
        }
    }

    [Test]
    public void Installation_without_a_key_is_told_to_set_one() =>
        Assert.That(ErrorOf(_ => { }, key: null), Does.Contain("UseRedisCache").And.Contain("InstallationKey").And.Contain("openssl rand -base64 32"));

    [Test]
    public void Times_of_shared_calls_that_cant_be_right_are_refused()
    {
        var validator = new RedisCallSharingOptionsValidator();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(validator.Validate(null, new RedisCallSharingOptions()).Succeeded);
            Assert.That(validator.Validate(null, new RedisCallSharingOptions { Lease = TimeSpan.Zero }).FailureMessage, Does.Contain("Lease is 00:00:00; set it from 00:00:01 to 00:01:00"));
            Assert.That(validator.Validate(null, new RedisCallSharingOptions { LongestWait = TimeSpan.FromHours(1) }).FailureMessage, Does.Contain("LongestWait"));
        }
    }

    private static string? ErrorOf(Action<RedisCacheOptions> configure, string? key = CacheProcess.Secret)
    {
        var options = new RedisCacheOptions();
        configure(options);
        return new RedisCacheOptionsValidator(Options.Create(new ExactMatchCacheOptions { InstallationKey = key })).Validate(null, options).FailureMessage;
    }
}
