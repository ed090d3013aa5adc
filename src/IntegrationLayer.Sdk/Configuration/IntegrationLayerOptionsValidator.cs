using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Checks what attributes say; its code is generated.</summary>
[OptionsValidator]
internal sealed partial class IntegrationLayerOptionsValidator : IValidateOptions<IntegrationLayerOptions>;
