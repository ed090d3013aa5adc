using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Many calls at once: all end, and none keeps a connection.</summary>
public sealed class ConcurrencyTests : SdkTest
{
    private const int Calls = 200;

    // A gateway of its own, so that the connections counted are only these.
    [Test]
    [Property("FaultMatrix", "36")]
    public async Task Two_hundred_calls_in_flight_all_end_and_give_their_connections_back()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        using ActiveConnections connections = new(gateway.Port);
        TaskCompletionSource release = new();
        Provider.Script(Main, request => ProviderBehavior.Says(request.Json.GetProperty("messages")[0].GetProperty("content").GetString()!)
            with { HoldHeaders = release.Task });
        SdkHost host = Open(options =>
        {
            options.Portkey.Endpoint = gateway.BaseAddress;
            Add(options, Main);
        });

        Task<(string Text, LlmReceipt Receipt)>[] calls =
            [.. Enumerable.Range(0, Calls).Select(i => host.AskAsync(Ask($"call number {i}"), isStreamed: i % 2 == 0))];
        await Provider.WaitForRequestsAsync(Calls, Main, TimeSpan.FromSeconds(30));
        int during = connections.Active;
        release.SetResult();
        (string Text, LlmReceipt Receipt)[] answers = await Task.WhenAll(calls);
        await connections.WaitUntilAsync(0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(during, Is.EqualTo(Calls), "All were in flight at once.");
            Assert.That(answers.Select(answer => answer.Text), Is.EqualTo(Enumerable.Range(0, Calls).Select(i => $"call number {i}")));
            Assert.That(answers.Select(answer => answer.Receipt.Cost.Usd), Is.All.EqualTo(0.015m));
            Assert.That(answers.Select(answer => answer.Receipt.RequestId), Is.Unique);
        }
    }

    [Test]
    [Property("FaultMatrix", "49")]
    public async Task Streams_that_are_abandoned_or_cancelled_give_their_connections_back()
    {
        await using PortkeyGateway gateway = await PortkeyGateway.StartNewAsync();
        using ActiveConnections connections = new(gateway.Port);
        Provider.Script(Main, ProviderBehavior.Says("one ", "two") with { Stream = StreamShape.StalledAfter(2, Never) });
        SdkHost host = Open(options =>
        {
            options.Portkey.Endpoint = gateway.BaseAddress;
            Add(options, Main);
        });
        using CancellationTokenSource caller = new();

        Task[] cancelled = [.. Enumerable.Range(0, 10).Select(_ => host.StreamAsync(Ask(), caller.Token))];
        await Provider.WaitForRequestsAsync(10, Main);
        for (int i = 0; i < 10; i++)
        {
            await foreach (LlmResponseUpdate update in host.Client.GetStreamingResponseAsync(Ask()))
            {
                if (update.Text.Length > 0)
                {
                    break;
                }
            }
        }

        // The abandoned ones close, the others are still open.
        await connections.WaitUntilAsync(10);
        await caller.CancelAsync();
        await connections.WaitUntilAsync(0);
        await Task.WhenAll(cancelled).ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.That(cancelled.Select(call => call.IsCanceled), Is.All.True);
    }
}
