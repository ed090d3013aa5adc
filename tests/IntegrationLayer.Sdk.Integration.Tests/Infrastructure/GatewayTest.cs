using System.Net.Http.Json;
using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Gateway;
using IntegrationLayer.Sdk.TestSupport.Provider;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

/// <summary>A plain HttpClient before the real gateway, and a scripted provider behind it.</summary>
public abstract class GatewayTest
{
    /// <summary>The deployment (path prefix) that most tests need only one of.</summary>
    protected const string Main = "main";

    protected static PortkeyGateway Gateway => SharedGateway.Gateway;

    protected ProviderServer Provider { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        Provider = await ProviderServer.StartAsync();
        Client = new HttpClient();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        Client.Dispose();
        await Provider.DisposeAsync();
        if (TestContext.CurrentContext.Result.FailCount > 0)
        {
            await TestContext.Out.WriteLineAsync("The gateway wrote:\n" + Gateway.Output);
        }
    }

    protected static object Chat(string model = "gpt-4o-mini") => new { model, messages = new[] { new { role = "user", content = "hi" } } };

    protected static object StreamedChat(string model = "gpt-4o-mini") =>
        new { model, messages = new[] { new { role = "user", content = "hi" } }, stream = true };

    protected static HttpRequestMessage Post(
        Uri gateway,
        object body,
        Uri customHost,
        string provider = "openai",
        string endpoint = "chat/completions")
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(gateway, endpoint)) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-portkey-provider", provider);
        request.Headers.Add("x-portkey-custom-host", customHost.ToString());
        request.Headers.Add("Authorization", "Bearer sk-test");
        return request;
    }

    /// <summary>Sends a request to the main deployment and reads the whole answer.</summary>
    protected async Task<HttpResponseMessage> SendAsync(object body, string provider = "openai", string endpoint = "chat/completions")
    {
        using HttpRequestMessage request = Post(Gateway.BaseAddress, body, Provider.HostFor(Main), provider, endpoint);
        return await Client.SendAsync(request);
    }

    protected static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync());

    /// <summary>The <c>data:</c> lines of a stream.</summary>
    protected static async Task<IReadOnlyList<string>> ReadEventsAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        return [.. body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..].TrimEnd('\r'))];
    }

    protected static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(',', values) : null;
}
