namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>A body of JSON with the gateway's headers.</summary>
internal sealed class FakePortkeyJson(int status, ReadOnlyMemory<byte> body) : FakePortkeyAnswer
{
    /// <summary>The kind of answer.</summary>
    public override string ToString() => $"JSON with status {status}";

    internal override WireResponse Play(WireContext context)
    {
        WireResponse response = WireResponse.Whole(status, "application/json", body);
        context.AddGatewayHeaders(response);
        return response;
    }
}
