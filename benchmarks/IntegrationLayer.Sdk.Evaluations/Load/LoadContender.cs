using IntegrationLayer.Sdk.Evaluations.Overhead;

namespace IntegrationLayer.Sdk.Evaluations.Load;

/// <summary>Who is put under load: a bare <see cref="HttpClient"/>, or the SDK as an application would set it up.</summary>
internal sealed class LoadContender : IDisposable
{
    private readonly PlainSdkContender? _sdk;

    public LoadContender(string name, Uri endpoint)
    {
        _sdk = name == "sdk" ? new PlainSdkContender(endpoint) : null;
        Contender = _sdk ?? (Contender)new RawContender(endpoint);
    }

    public Contender Contender { get; }

    /// <summary>Gets how many calls the SDK counts as under way.</summary>
    public int InFlight => _sdk?.InFlight ?? 0;

    public void Dispose() => Contender.Dispose();
}
