#pragma warning disable
namespace IntegrationLayer.Sdk.Models {
public sealed class ModelCatalogue { public static ModelCatalogue Embedded {get;} = new(); public static ModelCatalogue Load(string p)=>throw new NotSupportedException(); public ModelInfo? Find(string a,string b)=>null; public IEnumerable<ModelInfo> OfProvider(string p)=>[]; public IEnumerable<string> Providers=>[]; }
public sealed class CatalogueFormatException(string m):Exception(m){}
}
namespace IntegrationLayer.Sdk.Portkey { 
internal sealed class PortkeyGateway : IntegrationLayer.Sdk.Execution.IModelGateway {
 public Task<Execution.GatewayResponse> SendAsync(Execution.GatewayCall call, CancellationToken cancellationToken)=>throw new NotSupportedException();
 public Task<Execution.GatewayStream> OpenStreamAsync(Execution.GatewayCall call, CancellationToken cancellationToken)=>throw new NotSupportedException();
 public Task<Execution.GatewayEmbeddings> EmbedAsync(Execution.GatewayEmbeddingCall call, CancellationToken cancellationToken)=>throw new NotSupportedException();
}
internal static class X { public static void AddPortkeyHttpClient(this Microsoft.Extensions.DependencyInjection.IServiceCollection s){} }
}
