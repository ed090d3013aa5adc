using FsCheck;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Tests.Models;

[TestFixture]
public sealed class ModelLookupTests
{
    private static readonly ModelCatalogue Catalogue = ModelCatalogue.Embedded;

    [TestCase("OpenAI", "GPT-4o", "openai/gpt-4o")]
    [TestCase("openai", " gpt-4o ", "openai/gpt-4o")]
    [TestCase("openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13")]
    [TestCase("openai", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini")]
    [TestCase("openai", "gpt-5-2025-08-07", "openai/gpt-5")]
    [TestCase("openai", "openai/gpt-4o", "openai/gpt-4o")]
    [TestCase("xai", "grok-4", "x-ai/grok-4")]
    [TestCase("anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929")]
    [TestCase("anthropic", "claude-3-5-haiku", "anthropic/claude-3-5-haiku-latest")]
    [TestCase("anthropic", "claude-3-5-haiku-20241022", "anthropic/claude-3-5-haiku-latest")]
    [TestCase("anthropic", "claude-opus-4-1-latest", "anthropic/claude-opus-4-1")]
    [TestCase("anthropic", "claude-sonnet-4-5[1m]", "anthropic/claude-sonnet-4-5")]
    [TestCase("google", "models/gemini-2.5-pro", "google/gemini-2.5-pro")]
    [TestCase("gemini", "gemini-2.0-flash-001", "google/gemini-2.0-flash")]
    [TestCase("google", "gemini-2.5-pro-lte-200k", "google/gemini-2.5-pro")]
    [TestCase("google", "gemini-2.5-pro-gt-200k", "google/gemini-2.5-pro")]
    [TestCase("vertex-ai", "publishers/google/models/gemini-2.5-pro", "vertex-ai/gemini-2.5-pro")]
    [TestCase("vertex-ai", "projects/p/locations/eu/publishers/google/models/gemini-2.5-pro", "vertex-ai/gemini-2.5-pro")]
    [TestCase("vertex-ai", "claude-sonnet-4-5@20250929", "vertex-ai/claude-sonnet-4-5@20250929")]
    [TestCase("vertex-ai", "claude-opus-4-6@20260101", "vertex-ai/claude-opus-4-6")]
    [TestCase("bedrock", "amazon.nova-lite-v1:0:300k", "bedrock/amazon.nova-lite-v1:0")]
    [TestCase("bedrock", "sa.amazon.nova-lite-v1:0", "bedrock/amazon.nova-lite-v1:0")]
    [TestCase("bedrock", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "bedrock/amazon.nova-lite-v1:0")]
    [TestCase("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [TestCase("fireworks-ai", "accounts/fireworks/models/gpt-oss-120b", "fireworks-ai/gpt-oss-120b")]
    [TestCase("azure-openai", "gpt-4o-2024-08-06", "azure-openai/gpt-4o")]
    [TestCase("cohere", "command-r-08-2024", "cohere/command-r")]
    [TestCase("ollama", "gpt-oss:120b-cloud", "ollama/gpt-oss:120b")]
    [TestCase("huggingface", "openai/gpt-oss-120b:cheapest", "huggingface/openai/gpt-oss-120b")]
    public void Find_with_a_decorated_name_finds_the_model(string provider, string model, string expected)
    {
        Assert.That(Catalogue.Find(provider, model)?.ToString(), Is.EqualTo(expected).IgnoreCase);
    }

    [TestCase("openai", "gpt-4o:free")]
    [TestCase("openai", "gpt-4o-mini-tuned")]
    [TestCase("openai", "ft:gpt-4o-mini-2024-07-18:acme::abc")]
    [TestCase("openai", "gpt-4o-min")]
    [TestCase("openai", "claude-sonnet-4-5")]
    [TestCase("openrouter", "openai/gpt-4o:nitro")]
    [TestCase("openrouter", "openai/gpt-4o:free")]
    [TestCase("openrouter", "openai/gpt-4o:floor")]
    [TestCase("openrouter", "anthropic/claude-sonnet-4.5:online")]
    [TestCase("fireworks-ai", "accounts/acme/models/gpt-oss-120b")]
    [TestCase("google", "gemini-2.5-flash-lite-gt-128k")]
    [TestCase("nobody", "gpt-4o")]
    [TestCase("openai", "")]
    [TestCase("", "")]
    public void Find_with_a_name_that_may_cost_something_else_finds_nothing(string provider, string model)
    {
        Assert.That(Catalogue.Find(provider, model), Is.Null);
    }

    [Test]
    public void Find_of_an_azure_model_that_only_openai_lists_has_openais_price()
    {
        ModelInfo found = Catalogue.Find("azure", "gpt-35-turbo")!;

        Assert.That(found.Provider, Is.EqualTo("azure-openai"));
        Assert.That(found.Prices, Is.EqualTo(Catalogue.Find("openai", "gpt-3.5-turbo")!.Prices));
    }

    [Test]
    public void Find_of_a_free_variant_is_free_and_of_the_paid_one_is_not()
    {
        ModelInfo free = Catalogue.Find("openrouter", "openai/gpt-oss-20b:free")!;
        ModelInfo paid = Catalogue.Find("openrouter", "openai/gpt-oss-20b")!;

        Assert.That((free.Prices.Input, free.Prices.Output), Is.EqualTo(((decimal?)0, (decimal?)0)));
        Assert.That(paid.Prices.Input, Is.GreaterThan(0));
    }

    [Test]
    public void Find_of_every_model_with_a_date_behind_it_never_changes_the_price()
    {
        List<string> wrong = [];
        foreach (ModelInfo model in Catalogue.All.Where(model => !ModelNames.HasDate(model.Model)))
        {
            if (Catalogue.Find(model.Provider, model.Model + "-2031-01-01") is { } found
                && (found.Prices.Input != model.Prices.Input || found.Prices.Output != model.Prices.Output))
            {
                wrong.Add($"{model} -> {found}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCase("m-2024-01-01", true)]
    [TestCase("m-20240101-v1:0", true)]
    [TestCase("M@20240101", true)]
    [TestCase("m", false)]
    [TestCase("m-mini", false)]
    [TestCase("m-mini-2024-01-01", false)]
    [TestCase("m-2024", false)]
    public void IsSnapshotOf_is_true_of_the_name_with_nothing_but_a_date(string candidate, bool expected)
    {
        Assert.That(ModelNames.IsSnapshotOf(candidate, "m"), Is.EqualTo(expected));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool Find_with_any_text_never_throws(NonNull<string> provider, NonNull<string> model)
    {
        foreach (string slug in new[] { provider.Get, "bedrock", "vertex-ai", "openrouter", "azure-openai" })
        {
            _ = Catalogue.Find(slug, model.Get);
        }

        return true;
    }
}
