#pragma warning disable
namespace IntegrationLayer.Sdk.Models {
public sealed class ModelCatalogue { public static ModelCatalogue Embedded {get;} = new(); public static ModelCatalogue Load(string p)=>throw new NotSupportedException(); public ModelInfo? Find(string a,string b)=>null; public IEnumerable<ModelInfo> OfProvider(string p)=>[]; public IEnumerable<string> Providers=>[]; }
public sealed class CatalogueFormatException(string m):Exception(m){}
}
