using System.Net;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Tests.Pipeline;

namespace IntegrationLayer.Sdk.Tests.Execution;

internal sealed class ChatClientGatewayTests
{
    private static IEnumerable<TestCaseData> Statuses()
    {
        yield return new TestCaseData(HttpStatusCode.BadRequest, LlmErrorClass.InvalidRequest);
        yield return new TestCaseData(HttpStatusCode.Unauthorized, LlmErrorClass.Authentication);
        yield return new TestCaseData(HttpStatusCode.Forbidden, LlmErrorClass.Authentication);
        yield return new TestCaseData(HttpStatusCode.PaymentRequired, LlmErrorClass.QuotaExhausted);
        yield return new TestCaseData(HttpStatusCode.NotFound, LlmErrorClass.ModelNotFound);
        yield return new TestCaseData(HttpStatusCode.RequestTimeout, LlmErrorClass.Timeout);
        yield return new TestCaseData(HttpStatusCode.TooManyRequests, LlmErrorClass.RateLimited);
        yield return new TestCaseData(HttpStatusCode.BadGateway, LlmErrorClass.ProviderUnavailable);
    }

    [TestCaseSource(nameof(Statuses))]
    public async Task Status_of_a_client_is_mapped(HttpStatusCode status, LlmErrorClass expected)
    {
        // Two processes, so to speak: after some of the failures the same one would call another deployment.
        await using var host = new PipelineHost(o => o.MaxAttempts = 1);
        await using var other = new PipelineHost(o => o.MaxAttempts = 1);
        host.Gateway.Failures["small"] = other.Gateway.Failures["small"] = new HttpRequestException("no", null, status);
        LlmException whole = await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        LlmException streamed = await Expect.ThrowsAsync<LlmException>(() => PipelineHost.ReadAsync(other.Client.GetStreamingResponseAsync("x")));

        Assert.That(whole.ErrorClass, Is.EqualTo(expected));
        Assert.That(whole.StatusCode, Is.EqualTo((int)status));
        Assert.That(streamed.ErrorClass, Is.EqualTo(expected));
    }

    [Test]
    public void Other_exceptions_are_mapped_by_type()
    {
        Assert.That(ChatClientGateway.AsFailure(new HttpRequestException("reset"))!.ErrorClass, Is.EqualTo(LlmErrorClass.Network));
        Assert.That(ChatClientGateway.AsFailure(new TimeoutException())!.ErrorClass, Is.EqualTo(LlmErrorClass.Timeout));
        Assert.That(ChatClientGateway.AsFailure(new InvalidOperationException())!.ErrorClass, Is.EqualTo(LlmErrorClass.ProviderUnavailable));
        Assert.That(ChatClientGateway.AsFailure(new ArgumentException("x")), Is.Null);
        Assert.That(ChatClientGateway.AsFailure(new OperationCanceledException()), Is.Null);
    }

    [Test]
    public async Task Stand_in_without_embeddings_says_so()
    {
        var gateway = new ChatClientGateway(new ScriptedChatClient(), null);
        LlmException e = await Expect.ThrowsAsync<LlmException>(() => gateway.EmbedAsync(default, default).AsTask());
        Assert.That(e.Message, Does.Contain("UseGateway(chatClient, embeddingGenerator)"));
    }
}
