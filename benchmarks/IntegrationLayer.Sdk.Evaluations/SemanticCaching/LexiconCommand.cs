using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

/// <summary>Makes the SDK's embedded lexicon of the files of WordNet (Debian's package wordnet-base).</summary>
internal static class LexiconCommand
{
    private const int BitsPerWord = 8;
    private const int MostBits = 1 << 20;
    private static readonly string[] PartsOfSpeech = ["noun", "verb", "adj", "adv"];

    /// <summary><c>--wordnet</c> names the folder with <c>data.noun</c> and the others, <c>--output</c> the file to write.</summary>
    public static int Run(string[] arguments)
    {
        (string folder, string output) = Parse(arguments);
        HashSet<ulong> words = Words(folder);
        HashSet<ulong> opposites = Opposites(folder);
        ulong[] filter = new ulong[Math.Min(MostBits, BitOperations.RoundUpToPowerOf2((uint)(words.Count * BitsPerWord))) / 64];
        foreach (ulong word in words)
        {
            Lexicon.Add(filter, word);
        }

        Write(output, filter, [.. opposites.Order()]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words.Count} words and stems, {opposites.Count} pairs of opposites, {new FileInfo(output).Length} bytes"));
        return 0;
    }

    private static (string Folder, string Output) Parse(string[] arguments)
    {
        string? folder = null;
        string? output = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--wordnet":
                    folder = ArgumentReader.Value(arguments, ref i);
                    break;
                case "--output":
                    output = ArgumentReader.Value(arguments, ref i);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[i]}' isn't known: give --wordnet and --output.");
            }
        }

        return folder is null || output is null
            ? throw new ArgumentException("Name WordNet's folder and the file to write: --wordnet /usr/share/wordnet --output lexicon.bin.")
            : (folder, output);
    }

    private static HashSet<ulong> Words(string folder)
    {
        var words = new HashSet<ulong>();
        foreach (string part in PartsOfSpeech)
        {
            IEnumerable<string> lemmas = Lines(folder, $"index.{part}").Select(static l => l[..l.IndexOf(' ', StringComparison.Ordinal)]);
            IEnumerable<string> irregular = Lines(folder, $"{part}.exc").Select(static l => l[..l.IndexOf(' ', StringComparison.Ordinal)]);
            foreach (string word in lemmas.Concat(irregular).SelectMany(static l => l.Split('_', '-')).Select(static w => w.ToLowerInvariant()).Where(static w => w.Length > 2))
            {
                words.Add(WordHash.Of(word));
                words.Add(Stemmer.HashOf(word));
            }
        }

        words.UnionWith(EnglishWords.Function.Select(static w => WordHash.Of(w)));
        return words;
    }

    // A line of data: offset, file, type, number of words (hexadecimal), words with ids, number of pointers, pointers (symbol, offset, type, source and target).
    private static HashSet<ulong> Opposites(string folder)
    {
        var words = new Dictionary<(char Type, string Offset), string[]>();
        var pointers = new List<(string Word, (char Type, string Offset) Target, int Index)>();
        foreach (string[] fields in PartsOfSpeech.SelectMany(part => Lines(folder, $"data.{part}")).Select(static l => l.Split(' ')))
        {
            char type = TypeOf(fields[2][0]);
            int count = int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string[] members = [.. Enumerable.Range(0, count).Select(i => fields[4 + (2 * i)].Split('(')[0].ToLowerInvariant())];
            words[(type, fields[0])] = members;
            int pointerCount = int.Parse(fields[4 + (2 * count)], CultureInfo.InvariantCulture);
            for (int at = 5 + (2 * count); pointerCount > 0; at += 4, pointerCount--)
            {
                int source = int.Parse(fields[at + 3][..2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (fields[at] == "!" && source > 0)
                {
                    pointers.Add((members[source - 1], (TypeOf(fields[at + 2][0]), fields[at + 1]), int.Parse(fields[at + 3][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1));
                }
            }
        }

        return [.. pointers
            .Select(p => (p.Word, Opposite: words[p.Target][p.Index]))
            .Where(static p => !p.Word.Contains('_', StringComparison.Ordinal) && !p.Opposite.Contains('_', StringComparison.Ordinal))
            .Select(static p => (One: Stemmer.HashOf(p.Word), Other: Stemmer.HashOf(p.Opposite)))
            .Where(static p => p.One != p.Other)
            .Select(static p => Lexicon.PairOf(p.One, p.Other))];
    }

    // Satellites of adjectives are adjectives.
    private static char TypeOf(char type) => type == 's' ? 'a' : type;

    private static IEnumerable<string> Lines(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Where(static l => l.Length > 0 && l[0] != ' ');

    private static void Write(string path, ulong[] filter, ulong[] opposites)
    {
        using FileStream stream = File.Create(path);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Lexicon.Magic);
        stream.Write(bytes[..4]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, filter.Length);
        stream.Write(bytes[..4]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, opposites.Length);
        stream.Write(bytes[..4]);
        foreach (ulong number in filter.Concat(opposites))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            stream.Write(bytes);
        }
    }
}
