using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>A configuration that the options are bound to.</summary>
/// <param name="settings">The configuration.</param>
internal sealed class BoundSettings(IConfiguration settings)
{
    private byte[] _seen = Digest(settings);

    /// <summary>Looks whether the settings are others than at the last look. A file that is saved once often reports two changes, and a change elsewhere in it is reported too.</summary>
    public bool HaveChanged()
    {
        byte[] now = Digest(settings);
        bool haveChanged = !now.AsSpan().SequenceEqual(_seen);
        _seen = now;
        return haveChanged;
    }

    // The settings hold secrets, so what is remembered of them is a digest.
    private static byte[] Digest(IConfiguration settings)
    {
        var text = new StringBuilder();
        foreach ((string key, string? value) in settings.AsEnumerable(makePathsRelative: true).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            text.Append(key).Append('\0').Append(value).Append(value is null ? '\u0001' : '\0');
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
