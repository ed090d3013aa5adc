using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Telemetry;

/// <summary>Gives the sets of attributes of requests and models: found, not built, and never more than were declared.</summary>
internal sealed class TagTable
{
    private const string Chat = "chat";
    private const string Embeddings = "embeddings";

    private readonly ConditionalWeakTable<Deployment, ModelTags> _models = [];
    private readonly ConcurrentDictionary<(string Provider, string Model), ModelTags> _pairs = new();
    private readonly SetLimit _pairLimit = new(Attributes.Model.Maximum - 1);
    private readonly ModelTags _otherChats = new(Chat, AttributeSpec.Other, AttributeSpec.Other);
    private readonly ModelTags _otherEmbeddings = new(Embeddings, AttributeSpec.Other, AttributeSpec.Other);

    private readonly string[] _tenants;
    private readonly TagSets<(ModelTags Model, string Tenant)> _costs;
    private readonly ConcurrentDictionary<(ModelKind Kind, string Operation, string? Tenant), RequestTags> _requests = new();
    private readonly ValueGuard _operations = new(Attributes.Operation.Maximum);
    private readonly SetLimit _requestLimit = new(InstrumentSpec.MostSets / 8);
    private readonly SetLimit _failureLimit = new(InstrumentSpec.MostSets / 2);
    private RequestTags? _lastChat;

    public TagTable(IEnumerable<string> tenants)
    {
        _tenants = [.. tenants];
        _costs = new(_ => (_otherChats, AttributeSpec.Other), static key => [.. key.Model.Total, new(Attributes.Tenant.Name, key.Tenant)]);
    }

    /// <summary>Gets a value indicating whether tenants are told apart.</summary>
    public bool HasTenants => _tenants.Length > 0;

    /// <summary>Gets the conventions' name of what a request asks for.</summary>
    public static string NameOf(ModelKind kind) => kind is ModelKind.Embedding ? Embeddings : Chat;

    /// <summary>Gets the sets of a deployment's model.</summary>
    public ModelTags Of(Deployment deployment) => _models.TryGetValue(deployment, out ModelTags? known) ? known : _models.GetValue(deployment, Find);

    /// <summary>Gets the sets of a request.</summary>
    public RequestTags Of(LlmRequest request)
    {
        string operation = request.Context.Operation;
        string? tenant = _tenants.Length == 0 ? null : NameOf(request.Context.TenantId);

        // Nearly always the same as before.
        if (_lastChat is { } last && tenant is null && request.Kind is not ModelKind.Embedding && ReferenceEquals(last.Asked[1].Value, operation))
        {
            return last;
        }

        return Find(request.Kind is ModelKind.Embedding ? ModelKind.Embedding : ModelKind.Chat, _operations.Admit(operation), tenant);
    }

    /// <summary>Gets the set of what a tenant is charged for a model.</summary>
    public KeyValuePair<string, object?>[] CostOf(ModelTags model, string? tenant) => _costs.Of((model, NameOf(tenant)));

    private string NameOf(string? tenant) => Array.IndexOf(_tenants, tenant) is >= 0 and int index ? _tenants[index] : AttributeSpec.Other;

    private RequestTags Find(ModelKind kind, string operation, string? tenant)
    {
        if (!_requests.TryGetValue((kind, operation, tenant), out RequestTags? tags))
        {
            bool isOther = operation == AttributeSpec.Other && tenant is null or AttributeSpec.Other;
            tags = isOther || _requestLimit.TryTake()
                ? _requests.GetOrAdd((kind, operation, tenant), key => new RequestTags(NameOf(key.Kind), key.Operation, key.Tenant, _failureLimit)
                {
                    Others = isOther ? null : Find(kind, AttributeSpec.Other, tenant is null ? null : AttributeSpec.Other),
                })
                : Find(kind, AttributeSpec.Other, tenant is null ? null : AttributeSpec.Other);
        }

        if (kind is ModelKind.Chat && tenant is null)
        {
            _lastChat = tags;
        }

        return tags;
    }

    private ModelTags Find(Deployment deployment)
    {
        (string, string) pair = (deployment.Provider, deployment.ModelId);
        if (_pairs.TryGetValue(pair, out ModelTags? known))
        {
            return known;
        }

        bool isEmbedding = deployment.Model.Kind is ModelKind.Embedding;
        return _pairLimit.TryTake()
            ? _pairs.GetOrAdd(pair, p => new ModelTags(isEmbedding ? Embeddings : Chat, p.Item1, p.Item2))
            : isEmbedding ? _otherEmbeddings : _otherChats;
    }
}
