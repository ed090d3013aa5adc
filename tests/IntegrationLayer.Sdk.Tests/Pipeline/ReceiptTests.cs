using System.Text.Json;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Pipeline;

internal sealed class ReceiptTests
{
    [Test]
    public async Task Receipt_can_be_serialised_and_gives_no_secret_away()
    {
        await using var host = new PipelineHost(o =>
        {
            o.Accounts["lab"].Headers["x-portkey-aws-secret-access-key"] = "secret-header";
            o.Accounts["lab"].VirtualKey = "secret-virtual";
        });
        LlmReceipt receipt = (await host.Client.GetResponseAsync("hello")).Receipt;
        string json = JsonSerializer.Serialize(receipt);

        Assert.That(json, Does.Contain("lab/small").And.Contain("0.00003"));
        Assert.That(json, Does.Not.Contain("sk-test").And.Not.Contain("sk-other").And.Not.Contain("secret-"));
        Assert.That($"{receipt} {receipt.Routing}", Does.Not.Contain("sk-test").And.Not.Contain("secret-"));
    }

    [Test]
    public async Task Receipt_is_found_on_the_answers_of_the_platforms_interfaces()
    {
        await using var host = new PipelineHost();
        IChatClient chat = host.Get<IChatClient>();
        Assert.That((await chat.GetResponseAsync("hello")).GetReceipt()!.Deployment, Is.EqualTo("lab/small"));

        var receipts = new List<LlmReceipt?>();
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("hello"))
        {
            receipts.Add(update.GetReceipt());
        }

        Assert.That(receipts[^1]!.Deployment, Is.EqualTo("lab/small"));
        Assert.That(receipts.SkipLast(1), Is.All.Null);
        Assert.That(new ChatResponse().GetReceipt(), Is.Null);
        Assert.That(new GeneratedEmbeddings<Embedding<float>>().GetReceipt(), Is.Null);
    }
}
