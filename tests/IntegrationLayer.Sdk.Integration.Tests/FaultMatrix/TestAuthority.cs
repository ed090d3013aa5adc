using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntegrationLayer.Sdk.Integration.Tests.FaultMatrix;

/// <summary>Issues certificates, good ones and others, that only those trust who are told to.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly X509Certificate2 _root = CreateRoot();

    /// <summary>Issues a certificate for 127.0.0.1 that is "trusted", "expired", "of another name" or, since another authority issued it, "untrusted".</summary>
    public X509Certificate2 Issue(string kind)
    {
        using X509Certificate2 root = kind == "untrusted" ? CreateRoot() : new X509Certificate2(_root);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=gateway", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (kind == "of another name")
        {
            names.AddDnsName("elsewhere.example");
        }
        else
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset end = kind == "expired" ? Now.AddDays(-1) : Now.AddDays(1);
        using X509Certificate2 issued = request.Create(root, Now.AddDays(-2), end, [1, 2, 3, 4]);
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>Makes what trusts this authority.</summary>
    public X509ChainPolicy Trust() => new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _root }, RevocationMode = X509RevocationMode.NoCheck };

    public void Dispose() => _root.Dispose();

    private static X509Certificate2 CreateRoot()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(Now.AddDays(-3), Now.AddDays(3));
    }
}
