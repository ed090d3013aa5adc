using IntegrationLayer.Sdk.Resilience;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IntegrationLayer.Sdk.Tests.Resilience;

internal sealed class ProviderStatusTests
{
    [Test]
    public async Task Everything_configured_is_listed_before_anything_was_called()
    {
        await using var host = new PipelineHost();
        IReadOnlyList<HealthStatus> all = host.Get<IProviderStatus>().GetStatus();

        Assert.That(all.Select(s => $"{s.Kind} {s}"), Is.EqualTo(new[]
        {
            "Deployment lab/small: healthy", "Deployment other/large: healthy", "Account lab: healthy", "Account other: healthy",
        }));
        Assert.That(all.Select(s => (s.Calls, s.ErrorRatio, s.InFlight, s.TimeToFirstToken, s.TimePerToken)), Has.All.EqualTo((0, 0.0, 0, (TimeSpan?)null, (TimeSpan?)null)));
    }

    [Test]
    public async Task Status_shows_state_calls_latency_and_what_is_under_way()
    {
        await using var host = new PipelineHost(o =>
        {
            o.Resilience.Health.Jitter = 0;
            o.Deployments[1].MaxConcurrency = 7;
        });
        host.Gateway.Failures["small"] = new LlmException("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        host.Gateway.OnCall = _ =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.CompletedTask;
        };
        for (int i = 0; i < 5; i++)
        {
            await host.Client.GetResponseAsync("x");
        }

        var gate = new TaskCompletionSource();
        host.Gateway.OnCall = _ => gate.Task;
        Task<LlmResponse> running = host.Client.GetResponseAsync("x");
        host.Get<HealthRegistry>().Get(HealthKind.Gateway, "http://localhost:8787/v1/");
        HealthStatus[] all = [.. host.Get<IProviderStatus>().GetStatus()];
        gate.SetResult();
        await running;

        Assert.That(all[0], Is.EqualTo(new HealthStatus
        {
            Kind = HealthKind.Deployment, Name = "lab/small", Provider = "openai", Account = "lab", State = HealthState.Open,
            Since = new DateTimeOffset(2026, 11, 22, 12, 0, 0, 900, TimeSpan.Zero), Until = new DateTimeOffset(2026, 11, 22, 12, 0, 5, 900, TimeSpan.Zero),
            Reason = "5 failures in a row", Calls = 5, ErrorRatio = 1, InFlight = 0, TimeToFirstToken = all[0].TimeToFirstToken,
        }));
        Assert.That(all[1], Is.EqualTo(new HealthStatus
        {
            Kind = HealthKind.Deployment, Name = "other/large", Provider = "anthropic", Account = "other", State = HealthState.Healthy, Since = all[1].Since,
            Calls = 5, InFlight = 1, MaxConcurrency = 7, TimeToFirstToken = TimeSpan.FromMilliseconds(100),
        }));
        Assert.That((all[3].Name, all[3].InFlight), Is.EqualTo(("other", 1)));
        Assert.That(all[4].ToString(), Is.EqualTo("http://localhost:8787/v1/: healthy"));
    }

    [Test]
    public async Task Changes_are_logged_by_what_they_ask_of_people()
    {
        var logs = new FakeLogCollector();
        await using var host = new PipelineHost(
            o =>
            {
                o.MaxAttempts = 1;
                o.Resilience.Health.Jitter = 0;
            },
            b => b.Services.AddLogging(l => l.AddProvider(new FakeLoggerProvider(logs))));
        host.Gateway.Failures["small"] = new LlmException("pay", LlmErrorClass.QuotaExhausted, LlmErrorSource.Provider);
        host.Gateway.Failures["large"] = new LlmException("wait", LlmErrorClass.RateLimited, LlmErrorSource.Provider) { RetryAfter = TimeSpan.FromSeconds(3) };
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        host.Time.Advance(TimeSpan.FromSeconds(3));
        host.Gateway.Failures["large"] = new LlmException("down", LlmErrorClass.ProviderUnavailable, LlmErrorSource.Provider);
        for (int i = 0; i < 5; i++)
        {
            await Expect.ThrowsAsync<LlmException>(() => host.Client.GetResponseAsync("x"));
        }

        Assert.That(logs.GetSnapshot().Where(r => r.Id.Id is 1301 or 1302).Select(r => $"{r.Level}: {r.Message}"), Is.EqualTo(new[]
        {
            "Error: Account lab is Benched and gets no calls until 2026-11-22T12:15:00.0000000+00:00: no money or quota left.",
            "Information: Deployment other/large is Cooling and gets no calls until 2026-11-22T12:00:03.0000000+00:00: too many requests.",
            "Information: Deployment other/large is Healthy; it was Cooling.",
            "Warning: Deployment other/large is Open and gets no calls until 2026-11-22T12:00:08.0000000+00:00: 5 failures in a row.",
        }));
    }
}
