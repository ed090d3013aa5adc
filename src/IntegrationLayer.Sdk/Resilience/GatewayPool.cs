using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Resilience;

/// <summary>Makes each call through one of several gateways that do the same: one that is well and not busy, and another if nothing could be sent to it.</summary>
/// <remarks>
/// It never asks twice: a call that may have arrived somewhere fails, and the one owner of retries decides. What else it adds to a call is a place
/// in a bounded queue, and the fast failure of a call that nobody could take.
/// </remarks>
internal sealed class GatewayPool(EndpointDirectory directory, LastResort lastResort, IGatewayObserver observer, TimeProvider time, RandomSource random) : IModelGateway
{
    private static readonly Verb<GatewayCall, GatewayResponse> Send = new(
        static (gateway, call, cancellationToken) => gateway.SendAsync(call, cancellationToken), static call => (call.Deployment, call.Envelope));

    // A stream keeps its place until it is closed.
    private static readonly Verb<GatewayCall, GatewayStream> Open = new(
        static (gateway, call, cancellationToken) => gateway.OpenStreamAsync(call, cancellationToken),
        static call => (call.Deployment, call.Envelope),
        static (stream, slot, isOnly) => new PooledStream(stream, slot, isOnly));

    private static readonly Verb<GatewayEmbeddingCall, GatewayEmbeddings> Embed = new(
        static (gateway, call, cancellationToken) => gateway.EmbedAsync(call, cancellationToken), static call => (call.Deployment, call.Envelope));

    public ValueTask<GatewayResponse> SendAsync(GatewayCall call, CancellationToken cancellationToken) => RunAsync(call, Send, cancellationToken);

    public ValueTask<GatewayStream> OpenStreamAsync(GatewayCall call, CancellationToken cancellationToken) => RunAsync(call, Open, cancellationToken);

    public ValueTask<GatewayEmbeddings> EmbedAsync(GatewayEmbeddingCall call, CancellationToken cancellationToken) => RunAsync(call, Embed, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TAnswer> RunAsync<TCall, TAnswer>(TCall call, Verb<TCall, TAnswer> verb, CancellationToken cancellationToken)
    {
        EndpointSet endpoints = directory.Current;
        LlmException? failure = null;
        ulong tried = 0;
        while (endpoints.TryEnter(random, ref tried, out EndpointSlot slot))
        {
            if (slot.Lease is null)
            {
                slot = await WaitAsync(slot, verb.Describe(call).Envelope, cancellationToken).ConfigureAwait(false);
            }

            bool isKept = false;
            long sentAt = time.GetTimestamp();
            try
            {
                TAnswer answer = await verb.Make(slot.Endpoint.Gateway, call, cancellationToken).ConfigureAwait(false);
                slot.Endpoint.Load.Record(time.GetElapsedTime(sentAt));
                if (verb.Keep is null)
                {
                    slot.Report(CallOutcome.Success);
                    return answer;
                }

                isKept = true;
                return verb.Keep(answer, slot.Answered(), endpoints.Endpoints.Length == 1);
            }
            catch (LlmException e) when (EndpointDiagnosis.IsSafe(e))
            {
                slot.Endpoint.Probe.Failed(time.GetElapsedTime(sentAt));
                slot.Report(CallOutcome.Failure);
                observer.PassedOver(slot.Endpoint.Name);
                failure = e;
            }
            catch (Exception e)
            {
                // What was given up says nothing but how long it lasted at least.
                slot.Report(e is LlmException answered ? EndpointDiagnosis.Of(answered) : CallOutcome.Neutral);
                slot.Endpoint.Load.RecordAtLeast(time.GetElapsedTime(sentAt));
                throw;
            }
            finally
            {
                if (!isKept)
                {
                    slot.Free();
                }
            }
        }

        (Deployment deployment, GatewayEnvelope envelope) = verb.Describe(call);
        return lastResort.For(deployment) is { } direct
            ? await verb.Make(direct, call, cancellationToken).ConfigureAwait(false)
            : throw GatewayFailures.Unavailable(endpoints, failure, envelope, time.GetUtcNow(), lastResort.IsOffered);
    }

    private async ValueTask<EndpointSlot> WaitAsync(EndpointSlot slot, GatewayEnvelope envelope, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        try
        {
            RateLimitLease lease = await slot.Endpoint.Limiter.AcquireAsync(permitCount: 1, cancellationToken).ConfigureAwait(false);
            if (lease.IsAcquired)
            {
                observer.Waited(slot.Endpoint.Name, time.GetElapsedTime(since));
                return slot with { Lease = lease };
            }
        }
        catch
        {
            Leave();
            throw;
        }

        Leave();
        observer.TurnedAway(slot.Endpoint.Name);
        throw GatewayFailures.Overloaded(slot.Endpoint, envelope);

        void Leave()
        {
            slot.Report(CallOutcome.Neutral);
            slot.Free();
        }
    }

    /// <summary>What is asked of a gateway.</summary>
    /// <param name="Make">Makes the call.</param>
    /// <param name="Describe">Says where it goes, and what it says about itself.</param>
    /// <param name="Keep">Takes over the place of the call at an endpoint, which may be the only one; <see langword="null"/> if the call has ended when it is answered.</param>
    private sealed record Verb<TCall, TAnswer>(
        Func<IModelGateway, TCall, CancellationToken, ValueTask<TAnswer>> Make,
        Func<TCall, (Deployment Deployment, GatewayEnvelope Envelope)> Describe,
        Func<TAnswer, EndpointSlot, bool, TAnswer>? Keep = null);
}
