using IntegrationLayer.Sdk.Resilience;

namespace IntegrationLayer.Sdk.Systematic.Tests.Broken;

/// <summary>A half-open circuit with a well-known mistake: it sees that no trial is out, and takes it a moment later.</summary>
internal sealed class RacyBreaker
{
    private readonly object _gate = new();
    private bool _isOut;

    public bool TryEnter(out Permit permit)
    {
        permit = new Permit(1, 0, IsTrial: true);
        lock (_gate)
        {
            if (_isOut)
            {
                return false;
            }
        }

        lock (_gate)
        {
            _isOut = true;
            return true;
        }
    }

    public void Leave(Permit permit)
    {
        lock (_gate)
        {
            _isOut = false;
        }
    }
}
