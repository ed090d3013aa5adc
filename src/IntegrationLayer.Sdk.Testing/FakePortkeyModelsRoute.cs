using IntegrationLayer.Sdk.Testing.Scripting;
using IntegrationLayer.Sdk.Testing.Wire;

namespace IntegrationLayer.Sdk.Testing;

/// <summary>A route for the list of models.</summary>
public sealed class FakePortkeyModelsRoute : FakePortkeyRoute<FakePortkeyModelsRoute>
{
    internal FakePortkeyModelsRoute(RouteScript<FakePortkeyRequest, FakePortkeyAnswer> script, bool hasClock)
        : base(script, hasClock)
    {
    }

    /// <summary>Replies with these models.</summary>
    /// <param name="models">The models' ids.</param>
    /// <returns>The route.</returns>
    public FakePortkeyModelsRoute Reply(params IReadOnlyList<string> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        ReadOnlyMemory<byte> body = JsonBytes.Object(json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (string model in models)
            {
                json.WriteStartObject();
                json.WriteString("id", model);
                json.WriteString("object", "model");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return Answer(new FakePortkeyJson(200, body));
    }
}
