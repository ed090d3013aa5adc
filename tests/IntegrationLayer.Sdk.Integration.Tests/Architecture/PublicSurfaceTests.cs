using System.Reflection;

namespace IntegrationLayer.Sdk.Integration.Tests.Architecture;

/// <summary>Rules on what users of the packages see.</summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] DocumentedNamespaces =
    [
        "IntegrationLayer.Sdk",
        "IntegrationLayer.Sdk.Budgets",
        "IntegrationLayer.Sdk.Caching",
        "IntegrationLayer.Sdk.Costing",
        "IntegrationLayer.Sdk.Events", "IntegrationLayer.Sdk.Execution",
        "IntegrationLayer.Sdk.Models",
        "IntegrationLayer.Sdk.Portkey",
        "IntegrationLayer.Sdk.Resilience",
        "IntegrationLayer.Sdk.Routing",
        "IntegrationLayer.Sdk.SemanticCaching",
        "IntegrationLayer.Sdk.Telemetry",
        "IntegrationLayer.Sdk.Usage",
        "Microsoft.Extensions.DependencyInjection",
    ];

    // Meant for derivation: the bases of the SDK's exceptions.
    private static readonly Type[] Open = [typeof(LlmException)];

    private static readonly Type[] Money = [typeof(decimal), typeof(decimal?), typeof(LlmCost), typeof(LlmCost?)];

    // A weight, whose name is that of what it weighs.
    private static readonly string[] Weights = ["BalancedRoutingOptions.Cost"];

    private static readonly Assembly[] Libraries = [CodeBase.Sdk, CodeBase.Testing, CodeBase.Analytics];

    private static IEnumerable<MethodInfo> PublicMethods => Libraries
        .SelectMany(library => library.GetExportedTypes())
        .SelectMany(type => type.GetMethods(Declared))
        .Where(method => method.IsPublic && !method.IsSpecialName);

    [Test]
    public void Public_types_live_in_documented_namespaces()
    {
        Assert.That(CodeBase.PublicTypes.Select(type => type.Namespace).Distinct(), Is.SubsetOf(DocumentedNamespaces));
        Assert.That(CodeBase.Analytics.GetExportedTypes().Select(type => type.Namespace).Distinct(), Is.SubsetOf(["IntegrationLayer.Sdk.Analytics", "Microsoft.Extensions.DependencyInjection"]));
        Assert.That(CodeBase.Testing.GetExportedTypes().Select(type => type.Namespace).Distinct(), Is.SubsetOf(["IntegrationLayer.Sdk.Testing", "Microsoft.Extensions.DependencyInjection"]));
    }

    [Test]
    public void Classes_are_sealed() => Assert.That(
        Libraries.SelectMany(CodeBase.Written).Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false }).Except(Open),
        Is.Empty);

    [Test]
    public void Classes_left_open_are_derived_from() => Assert.That(
        Open, Has.All.Matches<Type>(open => CodeBase.PublicTypes.Any(type => type.BaseType == open)));

    [Test]
    public void Methods_that_return_tasks_end_in_async()
    {
        // Delegates' methods and overrides have the names that they were given.
        IEnumerable<string> wrong = Libraries.SelectMany(CodeBase.Written)
            .Where(type => !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => IsAwaitable(method.ReturnType) && !method.Name.EndsWith("Async", StringComparison.Ordinal))
            .Where(method => method.GetBaseDefinition() == method && !method.Name.Contains('<', StringComparison.Ordinal) && !method.IsSpecialName)
            .Where(method => !IsGivenByAnInterface(method))
            .Select(Describe);

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Cancellation_token_comes_last()
    {
        IEnumerable<string> wrong = PublicMethods
            .Where(method => method.GetParameters().SkipLast(1).Any(parameter => parameter.ParameterType == typeof(CancellationToken)))
            .Select(Describe);

        Assert.That(wrong, Is.Empty);
        Assert.That(PublicMethods.Count(TakesToken), Is.GreaterThan(5));
    }

    [Test]
    public void Async_methods_take_a_cancellation_token()
    {
        IEnumerable<string> wrong = PublicMethods
            .Where(method => IsAwaitable(method.ReturnType) && !TakesToken(method) && method.Name != nameof(IAsyncDisposable.DisposeAsync))
            .Select(Describe);

        Assert.That(wrong, Is.Empty);
    }

    // Floating point can't hold a cent. Scores and weights are not money.
    [Test]
    public void Money_is_decimal()
    {
        (string Name, Type Type)[] amounts =
        [
            .. CodeBase.PublicTypes.SelectMany(type => type.GetProperties().Select(p => ($"{type.Name}.{p.Name}", p.PropertyType))),
            .. CodeBase.PublicTypes.SelectMany(type => type.GetFields().Where(f => !f.IsLiteral && !f.IsSpecialName).Select(f => ($"{type.Name}.{f.Name}", f.FieldType))),
            .. PublicMethods.SelectMany(m => m.GetParameters().Select(p => ($"{m.DeclaringType!.Name}.{m.Name}.{p.Name}", p.ParameterType))),
        ];
        (string Name, Type Type)[] money = [.. amounts.Where(amount => IsNumber(amount.Type) && IsNamedLikeMoney(amount.Name[(amount.Name.LastIndexOf('.') + 1)..]))
            .ExceptBy(Weights, amount => amount.Name)];

        Assert.That(money.Where(amount => !Money.Contains(amount.Type)).Select(amount => $"{amount.Name}: {amount.Type.Name}"), Is.Empty);
        Assert.That(money, Has.Length.GreaterThan(10));
    }

    [Test]
    public void Constructors_of_public_classes_take_five_parameters_at_most()
    {
        // Records are data, not services.
        IEnumerable<string> wrong = CodeBase.PublicTypes
            .Where(type => type.GetMethod("<Clone>$") is null && !type.IsValueType)
            .SelectMany(type => type.GetConstructors())
            .Where(constructor => constructor.GetParameters().Length > 5)
            .Select(constructor => constructor.DeclaringType!.Name);

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Public_fields_are_constants() => Assert.That(
        Libraries.SelectMany(library => library.GetExportedTypes())
            .Where(type => !type.IsEnum)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral)
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}"),
        Is.Empty);

    private static bool TakesToken(MethodInfo method) => method.GetParameters().LastOrDefault()?.ParameterType == typeof(CancellationToken);

    private static bool IsAwaitable(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    private static bool IsGivenByAnInterface(MethodInfo method) =>
        method.DeclaringType is { IsInterface: false } type
        && type.GetInterfaces().Where(contract => contract.Assembly != type.Assembly).Any(contract => type.GetInterfaceMap(contract).TargetMethods.Contains(method));

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } bare
        && (bare == typeof(double) || bare == typeof(float) || bare == typeof(decimal) || bare == typeof(LlmCost) || bare == typeof(Half));

    private static bool IsNamedLikeMoney(string name) =>
        name.Contains("Usd", StringComparison.OrdinalIgnoreCase)
        || name.Contains("Price", StringComparison.OrdinalIgnoreCase)
        || (name.Contains("Cost", StringComparison.OrdinalIgnoreCase) && !name.Contains("Weight", StringComparison.OrdinalIgnoreCase) && !name.Contains("Score", StringComparison.OrdinalIgnoreCase));

    private static string Describe(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
