using IntegrationLayer.Sdk.SemanticCaching;
using Microsoft.Extensions.Logging;

namespace IntegrationLayer.Sdk.Pipeline;

/// <summary>What follows an answer of the semantic cache: the check against the model, and what the application says of it.</summary>
internal sealed class SemanticFollowUp(SemanticCache cache, Func<ILlmClient> client, ILogger<LlmPipeline> logger) : ISemanticCacheFeedback, IDisposable
{
    // Checks beyond are left out: they are a sample anyway.
    private const int MostChecks = 4;

    // So many answers can be objected to.
    private const int MostRemembered = 1_000;

    private const string Operation = "semantic-check";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SemanticFinding> _given = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();
    private readonly HashSet<Task> _checks = [];
    private readonly CancellationTokenSource _end = new();
    private bool _isDisposed;

    /// <summary>Gets a task that ends when no check is running.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return Task.WhenAll(_checks);
            }
        }
    }

    /// <summary>Remembers what was given, and starts the check if one is due.</summary>
    public void Given(LlmRequest request, LlmReceipt receipt, SemanticFinding finding)
    {
        lock (_gate)
        {
            _given[receipt.RequestId] = finding;
            _byAge.Enqueue(receipt.RequestId);
            if (_byAge.Count > MostRemembered)
            {
                _given.Remove(_byAge.Dequeue());
            }

            if (finding.Judgement.Check is not ShadowCheck.None && _checks.Count < MostChecks && !_isDisposed)
            {
                LlmRequest same = SameOf(request, finding);
                var check = Task.Run(() => CheckAsync(same), CancellationToken.None);
                _checks.Add(check);
                _ = check.ContinueWith(Leave, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    public async ValueTask<bool> RejectAsync(string requestId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        SemanticFinding? finding;
        lock (_gate)
        {
            if (!_given.Remove(requestId, out finding))
            {
                return false;
            }
        }

        await cache.RejectAsync(finding, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public void Dispose()
    {
        // The container has it under two names, and disposes of it under both.
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _end.Cancel();
        _end.Dispose();
    }

    // The caller may change what it gave when it has its answer; its time is over; and it isn't its call.
    private static LlmRequest SameOf(LlmRequest request, SemanticFinding finding) => request.With([.. request.Messages]) with
    {
        Options = request.Options?.Clone(),
        Caching = request.Caching with { Reads = false },
        Context = request.Context with { Operation = Operation, Deadline = null, IdempotencyKey = null },
        Checked = finding,
    };

    private async Task CheckAsync(LlmRequest request)
    {
        try
        {
            await client().GetResponseAsync(request, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (Exception e)
        {
            Log.SemanticCheckFailed(logger, e);
        }
    }

    private void Leave(Task check)
    {
        lock (_gate)
        {
            _checks.Remove(check);
        }
    }
}
