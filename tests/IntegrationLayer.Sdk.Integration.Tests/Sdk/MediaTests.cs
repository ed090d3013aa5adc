using System.Text.Json;
using IntegrationLayer.Sdk.TestSupport.Provider;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Integration.Tests.Sdk;

/// <summary>Images, audio and files reach each provider in the shape that it reads.</summary>
public sealed class MediaTests : SdkTest
{
    // 1 x 1 pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static readonly byte[] Pdf = "%PDF-1.4 tiny"u8.ToArray();
    private static readonly byte[] Wav = "RIFF\0\0\0\0WAVEfmt "u8.ToArray();

    [Test]
    public async Task Image_reaches_openai_as_a_data_uri()
    {
        JsonElement parts = await SendAsync("openai", new DataContent(Convert.FromBase64String(Png), "image/png"));

        Assert.That(parts[1].GetProperty("image_url").GetProperty("url").GetString(), Is.EqualTo($"data:image/png;base64,{Png}"));
    }

    [Test]
    public async Task Image_reaches_anthropic_as_a_base64_source()
    {
        JsonElement source = (await SendAsync("anthropic", new DataContent(Convert.FromBase64String(Png), "image/png")))[1].GetProperty("source");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(source.GetProperty("type").GetString(), Is.EqualTo("base64"));
            Assert.That(source.GetProperty("media_type").GetString(), Is.EqualTo("image/png"));
            Assert.That(source.GetProperty("data").GetString(), Is.EqualTo(Png));
        }
    }

    [Test]
    public async Task Image_reaches_google_as_inline_data()
    {
        JsonElement parts = await SendAsync("google", new DataContent(Convert.FromBase64String(Png), "image/png"));

        Assert.That(parts[1].GetProperty("inlineData").GetProperty("data").GetString(), Is.EqualTo(Png));
    }

    [Test]
    public async Task Address_of_an_image_reaches_openai_as_it_is()
    {
        JsonElement parts = await SendAsync("openai", new UriContent(new Uri("https://example.com/cat.png"), "image/png"));

        Assert.That(parts[1].GetProperty("image_url").GetProperty("url").GetString(), Is.EqualTo("https://example.com/cat.png"));
    }

    [Test]
    public async Task Audio_reaches_openai_with_its_format()
    {
        JsonElement audio = (await SendAsync("openai", new DataContent(Wav, "audio/wav")))[1].GetProperty("input_audio");

        Assert.That(audio.GetProperty("format").GetString(), Is.EqualTo("wav"));
        Assert.That(audio.GetProperty("data").GetBytesFromBase64(), Is.EqualTo(Wav));
    }

    [Test]
    public async Task Pdf_reaches_openai_as_a_named_file()
    {
        JsonElement file = (await SendAsync("openai", new DataContent(Pdf, "application/pdf") { Name = "bill.pdf" }))[1].GetProperty("file");

        Assert.That(file.GetProperty("filename").GetString(), Is.EqualTo("bill.pdf"));
        Assert.That(file.GetProperty("file_data").GetString(), Is.EqualTo($"data:application/pdf;base64,{Convert.ToBase64String(Pdf)}"));
    }

    [Test]
    public async Task Pdf_reaches_anthropic_as_a_document()
    {
        JsonElement document = (await SendAsync("anthropic", new DataContent(Pdf, "application/pdf")))[1];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.GetProperty("type").GetString(), Is.EqualTo("document"));
            Assert.That(document.GetProperty("source").GetProperty("media_type").GetString(), Is.EqualTo("application/pdf"));
            Assert.That(document.GetProperty("source").GetProperty("data").GetBytesFromBase64(), Is.EqualTo(Pdf));
        }
    }

    [Test]
    public async Task Data_that_no_provider_reads_is_refused_before_anything_is_sent()
    {
        LlmRequest request = new([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1, 2 }, "application/zip")])]);

        LlmException failure = await FailureOfAsync(Open(), request);

        Assert.That(failure.ErrorClass, Is.EqualTo(LlmErrorClass.InvalidRequest));
        Assert.That(failure.Message, Does.Contain("application/zip"));
        Assert.That(Provider.Requests, Is.Empty);
    }

    private async Task<JsonElement> SendAsync(string provider, AIContent content)
    {
        LlmRequest request = new([new ChatMessage(ChatRole.User, [new TextContent("What is this?"), content])]);
        await Open(provider).Client.GetResponseAsync(request);
        RecordedRequest seen = await SeenAsync();
        return provider == "google"
            ? seen.Property("contents")!.Value[0].GetProperty("parts")
            : seen.Property("messages")!.Value[0].GetProperty("content");
    }
}
