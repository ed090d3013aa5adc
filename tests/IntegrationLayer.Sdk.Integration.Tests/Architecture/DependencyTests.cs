namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>Who may know whom. Every folder is one capability; what connects them stands in Pipeline.</summary>
public sealed class DependencyTests
{
    // What everybody may use: the vocabulary of the SDK, whose names have no folder, and the models.
    private static readonly string[] Common = ["", "Models"];

    // What a folder may know beyond that, and why.
    private static readonly Dictionary<string, (string[] Folders, string Reason)> Allowed = new()
    {
        [""] = (["Pipeline", "Budgets", "Caching", "Costing", "Execution", "Resilience", "Routing", "SemanticCaching", "Telemetry"], "the pipeline goes through its steps"),
        ["Pipeline"] = (["Budgets", "Caching", "Costing", "Execution", "Routing", "Telemetry", "Configuration", "Resilience", "SemanticCaching", "Usage", "Events"],
            "its steps connect the capabilities"),
        ["Configuration"] = (["Budgets", "Costing", "Resilience", "Routing", "Portkey", "Usage", "Telemetry"], "it builds from the options what the capabilities work with"),
        ["Execution"] = ([], "failover and deadlines know only models and errors"),
        ["Portkey"] = (["Execution"], "it implements IModelGateway, and nothing else of Execution's calls it"),
        ["Resilience"] = (["Execution"], "the pool of gateways is an IModelGateway over others"),
        ["Routing"] = ([], "policies see prices that were reckoned for them"),
        ["Telemetry"] = (["Resilience"], "it reports what the root hands it, and what the pool of gateways tells its observer"),
    };

    // What a gateway is asked, and what it answers.
    private static readonly string[] ContractOfGateways =
    [
        "IModelGateway", "GatewayCall", "GatewayEmbeddingCall", "GatewayEmbeddings", "GatewayEnvelope", "GatewayInfo", "GatewayDetail", "GatewayResponse", "GatewayStream",
        "NamedGateway",
    ];

    // Folders that compose all others.
    private static readonly string[] Composers = ["DependencyInjection"];

    public static IEnumerable<string> Folders => CodeBase.Types
        .Select(type => CodeBase.FolderOf(CodeBase.Outermost(type).Namespace))
        .OfType<string>()
        .Distinct()
        .Except(Composers)
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Folders))]
    public void Folder_knows_only_what_it_may(string folder)
    {
        string[] allowed = [.. Common, .. Allowed.TryGetValue(folder, out (string[] Folders, string Reason) rule) ? rule.Folders : []];

        Assert.That(CodeBase.Dependencies.Where(d => d.From == folder && !allowed.Contains(d.To) && !IsOptionsTree(d)), Is.Empty);
    }

    [Test]
    public void Nothing_but_the_composition_knows_portkey() => Assert.That(
        CodeBase.Dependencies.Where(d => d.To == "Portkey" && d.From is not ("Configuration" or "DependencyInjection") && !IsOptionsTree(d)), Is.Empty);

    [Test]
    public void Portkey_knows_only_the_contract_of_execution() => Assert.That(
        CodeBase.Dependencies.Where(d => d is { From: "Portkey", To: "Execution" }).Select(d => d.Used).Distinct(),
        Is.SubsetOf(ContractOfGateways));

    [Test]
    public void Only_the_pipeline_uses_telemetry() => Assert.That(
        CodeBase.Dependencies.Where(d => d.To == "Telemetry" && d.From is not ("" or "Pipeline") && !Composers.Contains(d.From) && !IsSetting(d)), Is.Empty);

    // Guards against a reader that finds nothing, and against rules for what is no longer there.
    [Test]
    public void Dependencies_that_must_be_there_are_found()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CodeBase.Dependencies, Has.Member(new Dependency("Pipeline", "BudgetStep", "Budgets", "IBudgetLedger")), "a field");
            Assert.That(CodeBase.Dependencies, Has.Member(new Dependency("Portkey", "PortkeyGateway", "Execution", "IModelGateway")), "an implemented interface");
            Assert.That(CodeBase.Dependencies, Has.Member(new Dependency("Pipeline", "SettlementStep", "Costing", "UsageNormalizer")), "a call in a method's body");
            Assert.That(CodeBase.Dependencies.Where(IsOptionsTree), Is.Not.Empty, "the exception");
            Assert.That(Folders, Has.Member("Budgets").And.Member("Caching").And.Member("Portkey"));
        }
    }

    private static bool IsSetting(Dependency dependency) => dependency is { From: "Configuration", Used: "TelemetryOptions" or "TelemetryLevel" };

    // The options are one tree, of which each capability's part lives in its folder.
    private static bool IsOptionsTree(Dependency dependency) =>
        dependency is { From: "", User: nameof(IntegrationLayerOptions) } && dependency.Used.EndsWith("Options", StringComparison.Ordinal);
}
