using IntegrationLayer.Sdk.Configuration;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationLayer.Sdk.Tests.Configuration;

internal sealed class CatalogueFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task File_replaces_the_embedded_catalogue_and_is_read_again_when_it_changes()
    {
        string path = Path.Combine(Path.GetTempPath(), $"il-{Guid.NewGuid():n}.br");
        byte[] good = ReadEmbedded();
        await File.WriteAllBytesAsync(path, good);
        try
        {
            var services = new ServiceCollection();
            services.AddIntegrationLayer(o =>
            {
                o.CatalogueFile = path;
                o.Accounts["a"] = new AccountOptions { Provider = "openai", ApiKey = "k", Models = { "gpt-4o-mini" } };
            }).UseGateway(_ => new ScriptedChatClient());
            await using ServiceProvider provider = services.BuildServiceProvider();
            ConfigurationSource source = provider.GetRequiredService<ConfigurationSource>();
            ConfigurationSnapshot first = source.Current;

            ConfigurationSnapshot afterBad = await NextAsync(source, () => File.WriteAllBytes(path, [1, 2, 3]), _ => true);
            Assert.That(afterBad, Is.SameAs(first), "a damaged file is rejected");

            ConfigurationSnapshot afterGood = await NextAsync(source, () => File.WriteAllBytes(path, good), s => s != first);
            Assert.That(afterGood.Deployments.All.Single().Model.Prices.IsKnown);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<ConfigurationSnapshot> NextAsync(ConfigurationSource source, Action change, Func<ConfigurationSnapshot, bool> isExpected)
    {
        var reloaded = new TaskCompletionSource<ConfigurationSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnReloaded(ConfigurationSnapshot snapshot, bool isAccepted)
        {
            if (isExpected(snapshot))
            {
                reloaded.TrySetResult(snapshot);
            }
        }

        source.Reloaded += OnReloaded;
        change();
        ConfigurationSnapshot result = await reloaded.Task.WaitAsync(Patience);
        source.Reloaded -= OnReloaded;
        return result;
    }

    private static byte[] ReadEmbedded()
    {
        string name = typeof(ModelCatalogue).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("catalogue.br", StringComparison.Ordinal));
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
