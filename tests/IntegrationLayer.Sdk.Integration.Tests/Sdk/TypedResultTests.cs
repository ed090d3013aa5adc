using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Answers of a type.</summary>
public sealed class TypedResultTests : SdkTest
{
    [Test]
    public async Task Value_is_asked_for_by_schema_and_read()
    {
        Provider.Script(Main, ProviderBehavior.Says("""{"name":"Paris",""", """ "inhabitants":2100000}"""));

        LlmResponse<City> response = await Open().Client.GetResponseAsync<City>(Ask());
        JsonElement format = (await SeenAsync()).Property("response_format")!.Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Value, Is.EqualTo(new City("Paris", 2_100_000)));
            Assert.That(response.Receipt.Cost.IsExact, Is.True);
            Assert.That(format.GetProperty("type").GetString(), Is.EqualTo("json_schema"));
            Assert.That(format.GetProperty("json_schema").GetProperty("name").GetString(), Is.EqualTo("City"));
            Assert.That(
                format.GetProperty("json_schema").GetProperty("schema").GetProperty("properties").EnumerateObject().Select(p => p.Name),
                Is.EqualTo(["name", "inhabitants"]));
        }
    }

    [Test]
    public async Task Value_that_is_no_object_is_asked_for_inside_one()
    {
        Provider.Script(Main, ProviderBehavior.Says("""{"value":["Oslo","Rome"]}"""));

        LlmResponse<string[]> response = await Open().Client.GetResponseAsync<string[]>(Ask());

        Assert.That(response.Value, Is.EqualTo(["Oslo", "Rome"]));
    }

    [TestCase("Certainly! Paris.")]
    [TestCase("""{"name":"Paris","inhabitants":"many"}""")]
    [TestCase("null")]
    public async Task Other_answer_is_reported_with_its_receipt(string answer)
    {
        Provider.Script(Main, ProviderBehavior.Says(answer));

        LlmOutputException? failure = await Assert.ThrowsAsync<LlmOutputException>(() => Open().Client.GetResponseAsync<City>(Ask()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.ErrorClass, Is.EqualTo(LlmErrorClass.BadOutput));
            Assert.That(failure.Response.Receipt.Cost.IsExact, Is.True);
            Assert.That(failure.Message, Does.Not.Contain("Paris"));
        }
    }

    private sealed record City(string Name, int Inhabitants);
}
