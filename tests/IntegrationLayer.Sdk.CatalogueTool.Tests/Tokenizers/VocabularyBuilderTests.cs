using System.Buffers.Binary;
using System.IO.Compression;
using IntegrationLayer.Sdk.CatalogueTool.Tokenizers;

namespace IntegrationLayer.Sdk.CatalogueTool.Tests.Tokenizers;

public sealed class VocabularyBuilderTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("vocabulary").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("YQ== 0\nYmM= 1\n")]
    [TestCase("Capacity: 2\nYQ==\nYmM=\n")]
    public void Both_known_layouts_give_the_same_resource(string source)
    {
        string target = Path.Combine(_folder, "out.br");

        int count = VocabularyBuilder.Build(Write(source), target);

        using BrotliStream plain = new(File.OpenRead(target), CompressionMode.Decompress);
        byte[] content = new byte[13];
        plain.ReadExactly(content);
        Assert.That(count, Is.EqualTo(2));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(content), Is.EqualTo(2));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4)), Is.EqualTo(3));
        Assert.That(content[8..], Is.EqualTo(new byte[] { 1, 2, (byte)'a', (byte)'b', (byte)'c' }));
        Assert.That(plain.ReadByte(), Is.EqualTo(-1));
    }

    [TestCase("YQ== 1\n")]
    [TestCase("not base64\n")]
    [TestCase("")]
    public void Anything_else_is_refused(string source) =>
        Assert.That(() => VocabularyBuilder.Build(Write(source), Path.Combine(_folder, "out.br")), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void Assembly_without_a_vocabulary_is_refused() =>
        Assert.That(
            () => VocabularyBuilder.Build(typeof(VocabularyBuilder).Assembly.Location, Path.Combine(_folder, "out.br")),
            Throws.TypeOf<InvalidDataException>());

    private string Write(string source)
    {
        string path = Path.Combine(_folder, "source.tiktoken");
        File.WriteAllText(path, source);
        return path;
    }
}
