using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Holds the configuration in force. A change that is valid replaces it between two requests; one that isn't is logged, and the old one stays.</summary>
/// <remarks>
/// It follows the change tokens itself: an <see cref="IOptionsMonitor{TOptions}"/> throws into the token's callback when a reloaded
/// configuration is invalid, which can end the process.
/// </remarks>
internal sealed partial class ConfigurationSource : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOptionsFactory<IntegrationLayerOptions> _factory;
    private readonly SnapshotBuilder _builder;
    private readonly ILogger<ConfigurationSource> _logger;
    private readonly List<IDisposable> _registrations = [];
    private readonly CatalogueWatcher _catalogue = new();
    private readonly BoundSettings[] _settings;
    private volatile ConfigurationSnapshot _current;

    public ConfigurationSource(
        IOptionsFactory<IntegrationLayerOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<IntegrationLayerOptions>> changes,
        IEnumerable<BoundSettings> settings,
        SnapshotBuilder builder,
        ILogger<ConfigurationSource> logger)
    {
        _factory = factory;
        _builder = builder;
        _logger = logger;
        _current = Build(previous: null);
        _settings = [.. settings];
        _catalogue.Watch(_current.Options.CatalogueFile, Reload);
        foreach (IOptionsChangeTokenSource<IntegrationLayerOptions> change in changes.Where(c => (c.Name ?? Options.DefaultName) == Options.DefaultName))
        {
            bool isBound = change is ConfigurationChangeTokenSource<IntegrationLayerOptions>;
            _registrations.Add(ChangeToken.OnChange(change.GetChangeToken, isBound ? ReloadIfChanged : Reload));
        }
    }

    /// <summary>Raised after a changed configuration came into force or was rejected, with the one in force and whether it is the changed one.</summary>
    public event Action<ConfigurationSnapshot, bool>? Reloaded;

    /// <summary>Gets the configuration in force.</summary>
    public ConfigurationSnapshot Current => _current;

    /// <summary>Reads the configuration again.</summary>
    public void Reload()
    {
        bool isAccepted = false;
        lock (_gate)
        {
            try
            {
                _current = Build(_current);
                _catalogue.Watch(_current.Options.CatalogueFile, Reload);
                isAccepted = true;
                LogReloaded(_current.Deployments.All.Length);
            }
            catch (Exception e)
            {
                LogRejected(e);
            }
        }

        Reloaded?.Invoke(_current, isAccepted);
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _catalogue.Dispose();
    }

    private void ReloadIfChanged()
    {
        lock (_gate)
        {
            // Each has to look, or the next change of one would be taken for old news of another.
            bool haveChanged = false;
            foreach (BoundSettings settings in _settings)
            {
                haveChanged |= settings.HaveChanged();
            }

            if (haveChanged)
            {
                Reload();
            }
        }
    }

    private ConfigurationSnapshot Build(ConfigurationSnapshot? previous) => _builder.Build(_factory.Create(Options.DefaultName), previous);

    [LoggerMessage(1001, LogLevel.Information, "The configuration was reloaded: {Count} deployments.")]
    private partial void LogReloaded(int count);

    [LoggerMessage(1002, LogLevel.Error, "The changed configuration was rejected; the previous one stays in force.")]
    private partial void LogRejected(Exception exception);
}
