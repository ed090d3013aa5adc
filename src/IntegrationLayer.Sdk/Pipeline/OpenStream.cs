using IntegrationLayer.Sdk.Caching;
using IntegrationLayer.Sdk.Costing;
using IntegrationLayer.Sdk.Execution;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>A stream that its consumer is reading. It ends once, whoever ends it: its consumer, or the timer if that one doesn't come back.</summary>
internal sealed class OpenStream
{
    private readonly Lock _gate = new();
    private readonly Attempt<CommittedStream> _answer;
    private readonly CallRecord _call;
    private readonly CostAnalysis _costs;
    private readonly CacheOutcome _cache;
    private readonly SettlementStep _settlement;
    private Task<LlmReceipt>? _end;

    public OpenStream(Attempt<CommittedStream> answer, CallRecord call, CostAnalysis costs, CacheOutcome cache, SettlementStep settlement)
    {
        _answer = answer;
        _call = call;
        _costs = costs;
        _cache = cache;
        _settlement = settlement;
        answer.Timer.ConsumerLost = Abandon;
    }

    public CommittedStream Stream => _answer.Result;

    public RankedDeployment Target => _answer.Target;

    /// <summary>Gets who answers.</summary>
    public string Deployment => _answer.Target.Deployment.Name;

    /// <summary>Closes the stream, charges it and writes the receipt: the first time; after that, it only gives the receipt.</summary>
    /// <param name="isRead">Whether the consumer has read to the end.</param>
    public Task<LlmReceipt> EndAsync(bool isRead)
    {
        lock (_gate)
        {
            return _end ??= EndOnceAsync(Stream.Failure?.ErrorClass ?? (isRead ? null : LlmErrorClass.Cancelled));
        }
    }

    private async Task<LlmReceipt> EndOnceAsync(LlmErrorClass? failure)
    {
        _call.WasElsewhere(_answer.Timer.Waited);
        LlmReceipt receipt = await _settlement.SettleAsync(_answer, _call, _costs, _cache, Stream.Usage, Stream.Served, failure).ConfigureAwait(false);
        if (failure is { } error)
        {
            _call.Fail(error, receipt);
        }
        else
        {
            _call.Complete(receipt);
        }

        await Stream.CloseAsync().ConfigureAwait(false);
        _answer.Dispose();
        return receipt;
    }

    // On the timer's thread: what fails here has nobody to be thrown at.
    private async void Abandon()
    {
        try
        {
            Stream.Abandon();
            await EndAsync(isRead: false).ConfigureAwait(false);
            _settlement.Abandoned(_call);
        }
        catch (Exception e)
        {
            _settlement.Lost(_call, e);
        }
    }
}
