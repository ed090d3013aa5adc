using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace IntegrationLayer.Sdk.Integration.Tests.Samples;

public sealed class WebSampleTests
{
    [Test]
    public async Task Endpoint_answers_from_the_models_of_its_configuration_file()
    {
        await using SampleProcess sample = SampleProcess.Start("Sample01.DependencyInjection");
        using HttpClient http = new() { BaseAddress = await sample.WaitForAddressAsync() };

        using HttpResponseMessage response = await http.PostAsJsonAsync("ask", new { text = "What is a gateway?" });
        JsonElement answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.GetProperty("text").GetString(), Is.EqualTo("You asked: What is a gateway?"));
            Assert.That(answer.GetProperty("deployment").GetString(), Is.EqualTo("openai-prod/gpt-4o-mini"));
            Assert.That(answer.GetProperty("costUsd").GetDecimal(), Is.GreaterThan(0m).And.LessThan(0.001m));
        }
    }

    [Test]
    public async Task Endpoint_streams_the_pieces_and_ends_with_the_receipt()
    {
        await using SampleProcess sample = SampleProcess.Start("Sample02.StreamingEndpoint");
        using HttpClient http = new() { BaseAddress = await sample.WaitForAddressAsync() };

        await using Stream body = await http.GetStreamAsync("answer?question=What+is+a+gateway");
        List<SseItem<string>> events = await SseParser.Create(body).EnumerateAsync().ToListAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(events[..^1].Select(e => e.EventType), Is.All.EqualTo("text"));
            Assert.That(events[..^1].Select(e => e.Data), Is.EqualTo(["A gateway ", "is one door ", "to many models."]));
            Assert.That(events[^1].EventType, Is.EqualTo("receipt"));
            Assert.That(events[^1].Data, Does.StartWith("openai/gpt-4o-mini $0.0000"));
        }
    }
}
