using System.Text;
using IntegrationLayer.Sdk.Testing.Scripting;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route for any other method and path.</summary>
public sealed class FakePortkeyPathRoute : FakePortkeyRoute<FakePortkeyPathRoute>
{
    internal FakePortkeyPathRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Replies with JSON of your own and the gateway's headers.</summary>
    /// <param name="json">The body.</param>
    /// <param name="status">HTTP status code.</param>
    /// <returns>The route.</returns>
    public FakePortkeyPathRoute Reply(string json, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Answer(new FakePortkeyJson(status, Encoding.UTF8.GetBytes(json)));
    }
}
