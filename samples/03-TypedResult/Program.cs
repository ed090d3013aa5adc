// An answer of a type of your own: the SDK makes the JSON schema, routes to models that keep to one, and reads the answer.
//   dotnet run --project samples/03-TypedResult
using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;

FakePortkey script = new();
script.OnChat().Reply("""{"vendor":"Globex","total":1249.50,"lines":[{"item":"Laptop","amount":1199.00},{"item":"Mouse","amount":50.50}]}""");
await using SampleGateway gateway = await SampleGateway.StartAsync(script);

await using ServiceProvider services = new ServiceCollection().AddIntegrationLayer(gateway.Configure).Services.BuildServiceProvider();
ILlmClient client = services.GetRequiredService<ILlmClient>();

LlmResponse<Invoice> response = await client.GetResponseAsync<Invoice>(new LlmRequest("""
    Read this invoice. Globex, 3 May: one laptop at 1,199.00 and one mouse at 50.50, 1,249.50 in total.
    """));

Invoice invoice = response.Value;
Console.WriteLine(FormattableString.Invariant($"{invoice.Vendor}: {invoice.Total} in {invoice.Lines.Count} lines"));
foreach (InvoiceLine line in invoice.Lines)
{
    Console.WriteLine(FormattableString.Invariant($"  {line.Item}: {line.Amount}"));
}

Console.WriteLine($"Read by {response.Receipt.Deployment} for {response.Receipt.Cost}");

internal sealed record Invoice(string Vendor, decimal Total, IReadOnlyList<InvoiceLine> Lines);

internal sealed record InvoiceLine(string Item, decimal Amount);
