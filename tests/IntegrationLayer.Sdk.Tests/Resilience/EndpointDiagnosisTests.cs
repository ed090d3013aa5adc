using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class EndpointDiagnosisTests
{
    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, null, "Failure")]
    [TestCase(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway, null, "Failure")]
    [TestCase(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway, 200, "Failure")]
    [TestCase(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway, 307, "Failure")]
    [TestCase(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway, 500, "Success")]
    [TestCase(LlmErrorClass.ProviderUnavailable, LlmErrorSource.Gateway, 502, "Failure")]
    [TestCase(LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider, 502, "Success")]
    [TestCase(LlmErrorClass.Authentication, LlmErrorSource.Gateway, 401, "Success")]
    [TestCase(LlmErrorClass.RateLimited, LlmErrorSource.Provider, 429, "Success")]
    [TestCase(LlmErrorClass.InvalidRequest, LlmErrorSource.Sdk, null, "Neutral")]
    [TestCase(LlmErrorClass.TooLarge, LlmErrorSource.Sdk, null, "Neutral")]
    public void Failure_says_whether_the_endpoint_works(LlmErrorClass error, LlmErrorSource source, int? status, string expected) =>
        Assert.That(EndpointDiagnosis.Of(new LlmException("x", error, source) { StatusCode = status }).ToString(), Is.EqualTo(expected));

    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, false, true)]
    [TestCase(LlmErrorClass.Network, LlmErrorSource.Gateway, true, false)]
    [TestCase(LlmErrorClass.ProviderUnavailable, LlmErrorSource.Gateway, false, false)]
    [TestCase(LlmErrorClass.Network, LlmErrorSource.Provider, false, false)]
    public void Only_what_was_not_sent_is_safe_to_send_elsewhere(LlmErrorClass error, LlmErrorSource source, bool mayBeBilled, bool expected) =>
        Assert.That(EndpointDiagnosis.IsSafe(new LlmException("x", error, source) { MayBeBilled = mayBeBilled }), Is.EqualTo(expected));
}
