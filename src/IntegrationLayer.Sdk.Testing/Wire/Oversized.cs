namespace IntegrationLayer.Sdk.Testing.Wire;

/// <summary>A completion whose text is as long as a test wants, made piece by piece so that the fake itself never holds it.</summary>
internal static class Oversized
{
    private const int PieceBytes = 64 * 1024;

    private static readonly byte[] Opening =
        "{\"id\":\"chatcmpl-fake\",\"object\":\"chat.completion\",\"created\":0,\"model\":\"fake\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""u8.ToArray();

    private static readonly byte[] Ending =
        "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}"u8.ToArray();

    /// <summary>The steps of the answer.</summary>
    public static IEnumerable<WireStep> Steps(long bytes)
    {
        yield return new WireStep.Write(Opening);
        byte[] piece = new byte[PieceBytes];
        piece.AsSpan().Fill((byte)'a');
        for (long left = bytes; left > 0; left -= PieceBytes)
        {
            yield return new WireStep.Write(piece.AsMemory(0, (int)Math.Min(left, PieceBytes)));
        }

        yield return new WireStep.Write(Ending);
    }
}
