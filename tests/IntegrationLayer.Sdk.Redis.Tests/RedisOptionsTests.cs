using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IntegrationLayer.Sdk.Redis.Tests;

public sealed class RedisOptionsTests
{
    [TestCase("il")]
    [TestCase("Shop:il_2.a-b")]
    public void Prefix_of_allowed_characters_is_accepted(string prefix) =>
        Assert.That(Errors(o => (o.Configuration, o.KeyPrefix) = ("localhost", prefix)), Is.Empty);

    [TestCase("", "KeyPrefix is ''")]
    [TestCase("a b", "KeyPrefix is 'a b'")]
    [TestCase("{a}", "KeyPrefix is '{a}'")]
    [TestCase("01234567890123456789012345678901234567890123456789012345678901234", "1 to 64")]
    public void Prefix_of_other_characters_is_named(string prefix, string named) =>
        Assert.That(Errors(o => (o.Configuration, o.KeyPrefix) = ("localhost", prefix)), Has.One.Contains(named));

    [Test]
    public void No_server_says_how_to_give_one()
    {
        Assert.That(Errors(_ => { }), Has.One.Contains("UseRedis"));
        Assert.That(Errors(o => o.ConfigurationOptions = new ConfigurationOptions()), Has.One.Contains("names no server"));
        Assert.That(Errors(o => o.Configuration = "ssl=true"), Has.One.Contains("names no server"));
    }

    [Test]
    public void Two_configurations_contradict() =>
        Assert.That(Errors(o => (o.Configuration, o.ConfigurationOptions) = ("localhost", new ConfigurationOptions())), Has.One.Contains("both set"));

    [TestCase("localhost,sssl=true,password=secret")]
    [TestCase("localhost,ssl=perhaps,password=secret")]
    public void Unreadable_configuration_is_reported_without_its_password(string configuration) =>
        Assert.That(Errors(o => o.Configuration = configuration), Has.One.Contains("can't be read").And.None.Contains("secret"));

    [Test]
    public void Mistake_stops_the_start()
    {
        ServiceCollection services = new();
        services.AddIntegrationLayer().UseRedis(o => (o.Configuration, o.KeyPrefix) = ("localhost", "{}"));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("KeyPrefix"));
    }

    private static IEnumerable<string> Errors(Action<RedisOptions> configure)
    {
        RedisOptions options = new();
        configure(options);
        return new RedisOptionsValidator().Validate(null, options).Failures ?? [];
    }
}
