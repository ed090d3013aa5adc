using IntegrationLayer.Sdk.Redis.Budgets;

namespace IntegrationLayer.Sdk.Systematic.Tests.Broken;

/// <summary>Reads a message that comes twice as two.</summary>
internal sealed class ForgetfulLeaseServer(long limit) : LeaseServer(limit)
{
    protected override bool IsNew(LeaseMessage message, long last) => true;
}
