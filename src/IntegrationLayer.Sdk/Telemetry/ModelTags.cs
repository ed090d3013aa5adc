namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>The sets of attributes that tell which model was called, made once for each deployment.</summary>
internal sealed class ModelTags
{
    private static readonly string[] Components = ["input", "output", "cache_read", "cache_write", "reasoning", "audio", "image", "request", "search"];
    private readonly KeyValuePair<string, object?>[][] _components;
    private readonly TagSets<ModelMark> _marked;

    public ModelTags(string kind, string provider, string model)
    {
        Called = [new("gen_ai.operation.name", kind), new("gen_ai.provider.name", provider), new("gen_ai.request.model", model)];
        Input = With("gen_ai.token.type", "input");
        Output = With("gen_ai.token.type", "output");
        Total = With(Attributes.Component.Name, "total");
        _components = Array.ConvertAll(Components, c => With(Attributes.Component.Name, c));
        _marked = new(static mark => mark, mark => With(mark.Attribute, mark.Value));
    }

    /// <summary>Gets the model's attributes.</summary>
    public KeyValuePair<string, object?>[] Called { get; }

    /// <summary>Gets those with the mark of input tokens.</summary>
    public KeyValuePair<string, object?>[] Input { get; }

    /// <summary>Gets those with the mark of output tokens.</summary>
    public KeyValuePair<string, object?>[] Output { get; }

    /// <summary>Gets those of a cost that isn't split.</summary>
    public KeyValuePair<string, object?>[] Total { get; }

    /// <summary>Gets those of a part of the cost.</summary>
    /// <param name="component">Its position in the table of parts: input, output, cache reads, cache writes, reasoning, audio, images, the request, searches.</param>
    public KeyValuePair<string, object?>[] Part(int component) => _components[component];

    /// <summary>Gets those with one more attribute, whose values are few.</summary>
    public KeyValuePair<string, object?>[] Marked(AttributeSpec attribute, string value) => _marked.Of(new(attribute.Name, value));

    private KeyValuePair<string, object?>[] With(string name, string value) => [.. Called, new(name, value)];

    private readonly record struct ModelMark(string Attribute, string Value);
}
