using System.Security.Authentication;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Row 4: a gateway whose certificate or TLS can't be trusted is sent nothing, and is not asked again.</summary>
internal sealed class TlsFaultTests : FaultMatrixTest
{
    [TestCase("untrusted", SslProtocols.Tls13)]
    [TestCase("expired", SslProtocols.Tls13)]
    [TestCase("of another name", SslProtocols.Tls13)]
    [TestCase("trusted", SslProtocols.Tls12)]
    [Property("FaultMatrix", "4")]
    public async Task Gateway_that_cannot_be_trusted_is_sent_nothing(string certificate, SslProtocols protocol)
    {
        using TestAuthority authority = new();
        await using TlsServer server = new(authority.Issue(certificate), protocol);
        ServiceProvider sdk = OpenTrusting(authority, server);

        LlmException failure = await FailureOfAsync(sdk);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((failure.ErrorClass, failure.Code, failure.MayBeBilled), Is.EqualTo((LlmErrorClass.GatewayUnavailable, "tls", false)));
            Assert.That((server.Connections, server.Requests), Is.EqualTo((1, 0)), "one look, no second one, and no request");
            Assert.That(await BudgetOfAsync(sdk), Is.EqualTo((0m, 0m)));
        }
    }

    [TestCase(SslProtocols.Tls13, false)]
    [TestCase(SslProtocols.Tls12, true)]
    [Property("FaultMatrix", "4")]
    public async Task Gateway_that_can_be_trusted_answers(SslProtocols protocol, bool allowTls12)
    {
        using TestAuthority authority = new();
        await using TlsServer server = new(authority.Issue("trusted"), protocol);

        (string text, _) = await AskAsync(OpenTrusting(authority, server, options => options.Portkey.AllowTls12 = allowTls12));

        Assert.That(text, Is.EqualTo("trusted"));
    }

    private ServiceProvider OpenTrusting(TestAuthority authority, TlsServer server, Action<IntegrationLayerOptions>? configure = null) => Open(
        options =>
        {
            options.MaxAttempts = 4;
            options.Portkey.Endpoint = server.Address;
            configure?.Invoke(options);
        },
        builder => builder.Services.AddHttpClient(PortkeyDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(
            (handler, _) => ((SocketsHttpHandler)handler).SslOptions.CertificateChainPolicy = authority.Trust()));
}
