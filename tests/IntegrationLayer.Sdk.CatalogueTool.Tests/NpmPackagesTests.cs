using System.Formats.Tar;
using System.IO.Compression;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests;

/// <summary>A script stands in for npm: nothing is fetched.</summary>
[TestFixture]
[Platform(Exclude = "Win")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class NpmPackagesTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("il-catalogue-tests-");

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public async Task Fetch_unpacks_what_npm_packed()
    {
        string archive = Path.Combine(_folder.FullName, "archive.tgz");
        await WriteArchiveAsync(archive);
        NpmPackages packages = new(_folder.FullName, Script($"echo \"$@\" > arguments; cp '{archive}' pkg-1.0.0.tgz"));

        string found = await packages.FetchAsync("@scope/pkg", "1.0.0", CancellationToken.None);

        Assert.That(await File.ReadAllTextAsync(Path.Combine(found, "package.json")), Is.EqualTo("{}"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "pkg", "arguments")), Does.StartWith("pack @scope/pkg@1.0.0 --ignore-scripts"));
    }

    [Test]
    public void Fetch_when_npm_fails_gives_its_reason()
    {
        NpmPackages packages = new(_folder.FullName, Script("echo 'no such package' >&2; exit 3"));

        Assert.That(() => packages.FetchAsync("pkg", "1", CancellationToken.None), Throws.InvalidOperationException.With.Message.Contains("no such package"));
    }

    [Test]
    public void Fetch_without_npm_names_the_cure()
    {
        NpmPackages packages = new(_folder.FullName, "/nowhere/npm");

        Assert.That(() => packages.FetchAsync("pkg", "1", CancellationToken.None), Throws.InvalidOperationException.With.Message.Contains("Install Node.js"));
    }

    [Test]
    public void Fetch_when_cancelled_ends_npm()
    {
        NpmPackages packages = new(_folder.FullName, Script("exec tail -f /dev/null"));
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));

        Assert.That(() => packages.FetchAsync("pkg", "1", stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private string Script(string body)
    {
        string path = Path.Combine(_folder.FullName, "npm.sh");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private static async Task WriteArchiveAsync(string path)
    {
        await using FileStream file = File.Create(path);
        await using GZipStream zipped = new(file, CompressionLevel.Fastest);
        await using TarWriter tar = new(zipped);
        using MemoryStream content = new("{}"u8.ToArray());
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "package/package.json") { DataStream = content });
    }
}
