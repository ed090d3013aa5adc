using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.CatalogueTool.Building;

/// <summary>Derives what a model reads and writes from its kind and capabilities.</summary>
internal static class ModalityRules
{
    /// <summary>Gets what a model reads.</summary>
    public static ModelModalities Input(ModelKind kind, string model, ModelCapabilities capabilities)
    {
        bool transcribes = kind == ModelKind.Audio
            && (model.Contains("whisper", StringComparison.OrdinalIgnoreCase) || model.Contains("transcri", StringComparison.OrdinalIgnoreCase));
        ModelModalities input = kind switch
        {
            ModelKind.Audio when transcribes => ModelModalities.Audio,
            ModelKind.Ocr => ModelModalities.Image | ModelModalities.Pdf,
            ModelKind.Realtime => ModelModalities.Text | ModelModalities.Audio,
            _ => ModelModalities.Text,
        };
        return input
            | (capabilities.HasFlag(ModelCapabilities.Vision) ? ModelModalities.Image : ModelModalities.None)
            | (capabilities.HasFlag(ModelCapabilities.Pdf) ? ModelModalities.Pdf : ModelModalities.None)
            | (capabilities.HasFlag(ModelCapabilities.AudioInput) ? ModelModalities.Audio : ModelModalities.None)
            | (capabilities.HasFlag(ModelCapabilities.VideoInput) ? ModelModalities.Video : ModelModalities.None);
    }

    /// <summary>Gets what a model writes.</summary>
    public static ModelModalities Output(ModelKind kind, string model, ModelCapabilities capabilities) => kind switch
    {
        ModelKind.Embedding => ModelModalities.Vector,
        ModelKind.Rerank or ModelKind.Moderation => ModelModalities.Score,
        ModelKind.Image => ModelModalities.Image,
        ModelKind.Video => ModelModalities.Video,
        ModelKind.Realtime => ModelModalities.Text | ModelModalities.Audio,
        ModelKind.Audio => Input(kind, model, capabilities).HasFlag(ModelModalities.Text) ? ModelModalities.Audio : ModelModalities.Text,
        _ => ModelModalities.Text | (capabilities.HasFlag(ModelCapabilities.AudioOutput) ? ModelModalities.Audio : ModelModalities.None),
    };
}
