namespace IntegrationLayer.Sdk.Usage;

/// <summary>Token counts of one request in half their size: none of them needs 64 bits.</summary>
internal readonly struct PackedTokens
{
    private readonly int _input;
    private readonly int _cacheRead;
    private readonly int _cacheWrite;
    private readonly int _cacheWriteOneHour;
    private readonly int _output;
    private readonly int _reasoning;
    private readonly int _audioInput;
    private readonly int _audioOutput;
    private readonly int _imageInput;
    private readonly int _imageOutput;
    private readonly int _webSearches;

    public PackedTokens(in TokenUsage usage)
    {
        _input = Pack(usage.Input);
        _cacheRead = Pack(usage.CacheRead);
        _cacheWrite = Pack(usage.CacheWrite);
        _cacheWriteOneHour = Pack(usage.CacheWriteOneHour);
        _output = Pack(usage.Output);
        _reasoning = Pack(usage.Reasoning);
        _audioInput = Pack(usage.AudioInput);
        _audioOutput = Pack(usage.AudioOutput);
        _imageInput = Pack(usage.ImageInput);
        _imageOutput = Pack(usage.ImageOutput);
        _webSearches = Pack(usage.WebSearches);
    }

    public TokenUsage Unpack() => new()
    {
        Input = _input,
        CacheRead = _cacheRead,
        CacheWrite = _cacheWrite,
        CacheWriteOneHour = _cacheWriteOneHour,
        Output = _output,
        Reasoning = _reasoning,
        AudioInput = _audioInput,
        AudioOutput = _audioOutput,
        ImageInput = _imageInput,
        ImageOutput = _imageOutput,
        WebSearches = _webSearches,
    };

    private static int Pack(long count) => (int)Math.Clamp(count, 0, int.MaxValue);
}
