using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests;

internal sealed class LlmResponseUpdateTests
{
    private static readonly StreamHead Head = new("r", "model", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Test]
    public void Content_of_plain_text_is_made_once_with_all_that_its_message_has()
    {
        LlmResponseUpdate update = new("Hello", Head);
        ChatResponseUpdate content = update.Content;

        Assert.Multiple(() =>
        {
            Assert.That(update.Content, Is.SameAs(content));
            Assert.That((content.Text, content.Role, content.ResponseId, content.MessageId), Is.EqualTo(("Hello", ChatRole.Assistant, "r", "r")));
            Assert.That((content.ModelId, content.CreatedAt), Is.EqualTo((Head.ModelId, Head.CreatedAt)));
            Assert.That(update.Receipt, Is.Null);
        });
    }

    [Test]
    public void Text_is_that_of_the_content_once_there_is_one()
    {
        LlmResponseUpdate update = new("Hello", Head);
        Assert.That((update.Text, update.ToString()), Is.EqualTo(("Hello", "Hello")));

        update.Content.Contents = [new TextContent("changed")];

        Assert.That(update.Text, Is.EqualTo("changed"));
        Assert.That(() => new LlmResponseUpdate(null!), Throws.ArgumentNullException);
    }
}
