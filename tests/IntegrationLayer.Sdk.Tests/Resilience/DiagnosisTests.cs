using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class DiagnosisTests
{
    private static readonly HealthOptions Options = new();

    [TestCase(LlmErrorClass.InvalidRequest)]
    [TestCase(LlmErrorClass.ContextLength)]
    [TestCase(LlmErrorClass.ContentPolicy)]
    [TestCase(LlmErrorClass.GuardrailDenied)]
    [TestCase(LlmErrorClass.ModelNotFound)]
    [TestCase(LlmErrorClass.TooLarge)]
    [TestCase(LlmErrorClass.Cancelled)]
    [TestCase(LlmErrorClass.Overloaded)]
    [TestCase(LlmErrorClass.GatewayUnavailable)]
    [TestCase(LlmErrorClass.Unknown)]
    public void Faults_of_others_say_nothing(LlmErrorClass error)
    {
        Assert.That(Of(error, status: 400), Is.EqualTo(default(Diagnosis)));
        Assert.That(Diagnosis.OfBroken(error), Is.EqualTo(default(Diagnosis)));
    }

    [TestCase(LlmErrorClass.ProviderUnavailable, nameof(CallOutcome.Failure))]
    [TestCase(LlmErrorClass.BadOutput, nameof(CallOutcome.Failure))]
    [TestCase(LlmErrorClass.Network, nameof(CallOutcome.Failure))]
    [TestCase(LlmErrorClass.StreamTruncated, nameof(CallOutcome.Truncated))]
    [TestCase(LlmErrorClass.StreamStalled, nameof(CallOutcome.Truncated))]
    [TestCase(LlmErrorClass.RateLimited, nameof(CallOutcome.RateLimited))]
    [TestCase(LlmErrorClass.Timeout, nameof(CallOutcome.Timeout))]
    [TestCase(LlmErrorClass.FirstTokenTimeout, nameof(CallOutcome.Timeout))]
    public void Faults_of_the_provider_are_the_deployments(LlmErrorClass error, string outcome) =>
        Assert.That(Of(error), Is.EqualTo(new Diagnosis(Enum.Parse<CallOutcome>(outcome))));

    [Test]
    public void Caller_in_a_hurry_says_nothing()
    {
        Assert.That(Of(LlmErrorClass.Timeout, lasted: 4.9), Is.EqualTo(default(Diagnosis)));
        Assert.That(Of(LlmErrorClass.Timeout, lasted: 5).Deployment, Is.EqualTo(CallOutcome.Timeout));
    }

    [Test]
    public void Gateway_that_breaks_has_a_health_of_its_own()
    {
        Assert.That(Of(LlmErrorClass.Network, LlmErrorSource.Gateway), Is.EqualTo(default(Diagnosis)));
        Assert.That(Of(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway), Is.EqualTo(default(Diagnosis)));
        Assert.That(Of(LlmErrorClass.GatewayFault, LlmErrorSource.Gateway, status: 500).Deployment, Is.EqualTo(CallOutcome.Failure), "it answers, but can't handle the deployment");
        Assert.That(Of(LlmErrorClass.Authentication, LlmErrorSource.Gateway, status: 401), Is.EqualTo(default(Diagnosis)), "the gateway's own key");
        Assert.That(Of(LlmErrorClass.RateLimited, LlmErrorSource.Sdk), Is.EqualTo(default(Diagnosis)), "the SDK's own limit");
    }

    [TestCase(401, null, nameof(CallOutcome.Neutral), nameof(CallOutcome.CredentialRefused), false)]
    [TestCase(403, null, nameof(CallOutcome.CredentialRefused), nameof(CallOutcome.Neutral), true)]
    [TestCase(403, "permission_denied", nameof(CallOutcome.CredentialRefused), nameof(CallOutcome.Neutral), true)]
    [TestCase(403, "Invalid_API_Key", nameof(CallOutcome.Neutral), nameof(CallOutcome.CredentialRefused), false)]
    public void Refused_credentials_are_the_accounts_unless_they_may_be_one_models(int status, string? code, string deployment, string account, bool isRefusal) =>
        Assert.That(
            Diagnosis.Of(new LlmException("no", LlmErrorClass.Authentication, LlmErrorSource.Provider) { StatusCode = status, Code = code }, TimeSpan.Zero, Options),
            Is.EqualTo(new Diagnosis(Enum.Parse<CallOutcome>(deployment), Enum.Parse<CallOutcome>(account), isRefusal)));

    [Test]
    public void Exhausted_quota_is_the_accounts() =>
        Assert.That(Of(LlmErrorClass.QuotaExhausted), Is.EqualTo(new Diagnosis(CallOutcome.Neutral, CallOutcome.QuotaExhausted)));

    [TestCase(LlmErrorClass.Network, nameof(CallOutcome.Truncated))]
    [TestCase(LlmErrorClass.Timeout, nameof(CallOutcome.Truncated))]
    [TestCase(LlmErrorClass.StreamTruncated, nameof(CallOutcome.Truncated))]
    [TestCase(LlmErrorClass.ProviderUnavailable, nameof(CallOutcome.Failure))]
    [TestCase(LlmErrorClass.GatewayFault, nameof(CallOutcome.Failure))]
    [TestCase(LlmErrorClass.RateLimited, nameof(CallOutcome.RateLimited))]
    public void Answer_that_breaks_off_is_not_whole_whoever_broke_it(LlmErrorClass error, string outcome)
    {
        Assert.That(Diagnosis.OfBroken(error).Deployment, Is.EqualTo(Enum.Parse<CallOutcome>(outcome)));
        Assert.That(Diagnosis.OfBroken(LlmErrorClass.QuotaExhausted).Account, Is.EqualTo(CallOutcome.QuotaExhausted));
    }

    [Test]
    public void Every_class_of_error_is_decided_on()
    {
        // A new class must be added to one of the lists above.
        Assert.That(Enum.GetValues<LlmErrorClass>(), Has.Length.EqualTo(22));
    }

    private static Diagnosis Of(LlmErrorClass error, LlmErrorSource source = LlmErrorSource.Provider, int? status = null, double lasted = 60) =>
        Diagnosis.Of(new LlmException("x", error, source) { StatusCode = status }, TimeSpan.FromSeconds(lasted), Options);
}
