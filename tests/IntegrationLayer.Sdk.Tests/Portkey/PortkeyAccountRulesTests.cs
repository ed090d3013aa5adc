using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;

namespace IntegrationLayer.Sdk.Tests.Portkey;

[TestFixture]
internal sealed class PortkeyAccountRulesTests
{
    private static readonly PortkeyOptions Hosted = new() { ApiKey = "pk" };
    private static readonly PortkeyOptions Own = new() { Endpoint = new Uri("http://localhost:8787/v1/") };

    [TestCase("https://api.portkey.ai/v1/", null, true)]
    [TestCase("https://PORTKEY.AI/v1/", null, true)]
    [TestCase("https://notportkey.ai/v1/", null, false)]
    [TestCase("http://localhost:8787/v1/", null, false)]
    [TestCase("https://gateway.example.com/v1/", true, true)]
    [TestCase("https://api.portkey.ai/v1/", false, false)]
    public void Hosted_gateway_is_told_by_its_host_or_by_the_option(string endpoint, bool? option, bool expected)
    {
        Assert.That(new PortkeyOptions { Endpoint = new Uri(endpoint), Hosted = option }.IsHosted, Is.EqualTo(expected));
    }

    [Test]
    public void Account_with_a_key_is_good_everywhere()
    {
        Assert.That(PortkeyAccountRules.Check(Call.Account(), Hosted).Concat(PortkeyAccountRules.Check(Call.Account(), Own)), Is.Empty);
    }

    [Test]
    public void What_only_hosted_portkey_knows_is_refused_elsewhere()
    {
        ProviderAccount virtualKey = new() { Name = "a", Provider = "openai", VirtualKey = "v" };
        ProviderAccount saved = new() { Name = "a", Provider = "openai", ConfigId = "pc-1" };
        ProviderAccount catalogue = new() { Name = "a", Provider = "openai", PortkeyProvider = "p" };
        foreach ((ProviderAccount account, string word) in new[] { (virtualKey, "virtual key"), (saved, "saved configuration"), (catalogue, "model catalogue") })
        {
            Assert.That(PortkeyAccountRules.Check(account, Own).Single(), Does.Contain("'a'").And.Contain(word).And.Contain("Set ApiKey"));
            Assert.That(PortkeyAccountRules.Check(account, Hosted), Is.Empty);
        }
    }

    [TestCase("opnai", "openai")]
    [TestCase("azure", "azure-openai")]
    [TestCase("OpenAI", "openai")]
    [TestCase("vertex", "vertex-ai")]
    [TestCase("gemini", "google")]
    public void Unknown_provider_gets_near_names_from_a_gateway_of_ones_own(string provider, string near)
    {
        ProviderAccount account = new() { Name = "a", Provider = provider, ApiKey = "k" };
        string error = PortkeyAccountRules.Check(account, Own).Single();

        Assert.That(error, Does.Contain($"'{provider}'"));
        Assert.That(PortkeyProviders.Like(provider), Has.Length.EqualTo(3));
        if (near != "google")
        {
            Assert.That(error, Does.Contain(near));
        }

        Assert.That(PortkeyAccountRules.Check(account, Hosted), Is.Empty);
    }

    [Test]
    public void Account_without_a_credential_is_refused()
    {
        Assert.That(PortkeyAccountRules.Check(new() { Name = "a", Provider = "openai" }, Hosted).Single(), Does.Contain("no credential").And.Contain("VirtualKey"));
        Assert.That(PortkeyAccountRules.Check(new() { Name = "a", Provider = "openai" }, Own).Single(), Does.Contain("no credential").And.Not.Contain("VirtualKey"));
        Assert.That(PortkeyAccountRules.Check(new() { Name = "a", Provider = "ollama" }, Own), Is.Empty);
        Assert.That(PortkeyAccountRules.Check(new() { Name = "a", Provider = "bedrock", Headers = new Dictionary<string, string> { ["X-Portkey-AWS-Access-Key-Id"] = "k" } }, Own), Is.Empty);
    }

    [Test]
    public void Two_credentials_are_refused()
    {
        Assert.That(PortkeyAccountRules.Check(new() { Name = "a", Provider = "openai", VirtualKey = "v", PortkeyProvider = "p" }, Hosted).Single(), Does.Contain("set one"));
    }

    [TestCase("ftp://x/v1")]
    [TestCase("https://user:pw@example.com/v1")]
    [TestCase("https://api.portkey.ai/v1")]
    [TestCase("https://example.com/v1?a=b")]
    [TestCase("https://example.com/v1#a")]
    [TestCase("v1")]
    public void Custom_host_that_no_gateway_takes_is_refused(string host)
    {
        ProviderAccount account = Call.Account(host: new Uri(host, UriKind.RelativeOrAbsolute));

        Assert.That(PortkeyAccountRules.Check(account, Own).Single(), Does.Contain("CustomHost").And.Not.Contain("pw"));
        Assert.That(PortkeyAccountRules.Warn(account, Hosted), Is.Empty);
    }

    [TestCase("http://localhost:1/v1", false)]
    [TestCase("http://127.0.0.1:1/v1", false)]
    [TestCase("http://foo.localhost/v1", false)]
    [TestCase("http://host.docker.internal/v1", false)]
    [TestCase("http://llm/v1", false)]
    [TestCase("https://example.com/v1", false)]
    [TestCase("http://8.8.8.8/v1", false)]
    [TestCase("http://2130706433/v1", false)]
    [TestCase("http://[::1]:1/v1", true)]
    [TestCase("http://[fd00::1]:1/v1", true)]
    [TestCase("http://[2606:4700::1]:1/v1", false)]
    [TestCase("http://127.0.0.2/v1", true)]
    [TestCase("http://0.0.0.0/v1", true)]
    [TestCase("http://10.1.2.3/v1", true)]
    [TestCase("http://100.64.0.1/v1", true)]
    [TestCase("http://192.168.1.5/v1", true)]
    [TestCase("http://172.17.0.1/v1", true)]
    [TestCase("http://172.32.0.1/v1", false)]
    [TestCase("http://169.254.169.254/latest", true)]
    [TestCase("http://198.18.0.1/v1", true)]
    [TestCase("http://metadata.google.internal/", true)]
    [TestCase("http://llm.corp/v1", true)]
    [TestCase("http://llm.default.svc.cluster.local/v1", true)]
    public void Custom_host_that_an_open_source_gateway_refuses_is_warned_of(string host, bool expected)
    {
        ProviderAccount account = Call.Account(host: new Uri(host));

        Assert.That(PortkeyAccountRules.Check(account, Own), Is.Empty);
        Assert.That(PortkeyAccountRules.Warn(account, Own).Any(), Is.EqualTo(expected));
        Assert.That(PortkeyAccountRules.Warn(account, Hosted), Is.Empty);
    }

    [Test]
    public void Headers_that_cannot_be_sent_are_refused()
    {
        ProviderAccount account = new()
        {
            Name = "a", Provider = "openai", ApiKey = "k\n", Headers = new Dictionary<string, string> { ["x-a"] = "é", ["x-portkey-api-key"] = "pk", ["x-good"] = "v" },
        };

        IReadOnlyList<string> errors = PortkeyAccountRules.Check(account, Hosted);

        Assert.That(errors, Has.Count.EqualTo(3).And.All.Contains("'a'"));
    }
}
