using IntegrationLayer.Sdk;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using IntegrationLayer.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts fakes in the place of what calls models. Call after <c>AddIntegrationLayer</c>, for example in <c>ConfigureTestServices</c>.</summary>
public static class FakeServiceCollectionExtensions
{
    private const string NoKey = "fake";

    /// <summary>Sends the SDK's calls to a fake gateway, in process: everything else is the real SDK.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="fake">The gateway.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseFakePortkey(this IIntegrationLayerBuilder builder, FakePortkey fake)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.UseFakePortkey(fake);
        return builder;
    }

    /// <summary>Sends the SDK's calls to a fake gateway, in process: everything else is the real SDK.</summary>
    /// <param name="services">The services, with <c>AddIntegrationLayer</c> already called.</param>
    /// <param name="fake">The gateway.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseFakePortkey(this IServiceCollection services, FakePortkey fake)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(fake);
        services.AddHttpClient(PortkeyDefaults.HttpClientName).ConfigurePrimaryHttpMessageHandler(fake.CreateHandler);
        services.PostConfigure<IntegrationLayerOptions>(TakeEveryCredential);
        return services;
    }

    // The fake asks for no key: accounts are taken as production configures them, or with none.
    private static void TakeEveryCredential(IntegrationLayerOptions options)
    {
        options.Portkey.Endpoint = FakePortkey.HandlerBaseAddress;
        options.Portkey.Endpoints.Clear();
        options.Portkey.Hosted = true;
        options.Portkey.ApiKey ??= NoKey;
        foreach (AccountOptions account in options.Accounts.Values)
        {
            bool hasCredential = account.ApiKey is not null || account.PortkeyProvider is not null || account.VirtualKey is not null || account.ConfigId is not null;
            account.ApiKey = hasCredential ? account.ApiKey : NoKey;
        }
    }

    /// <summary>Answers by a script instead of the SDK: <see cref="ILlmClient"/>, and <c>IChatClient</c> over it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="fake">The client.</param>
    /// <returns>The builder.</returns>
    public static IIntegrationLayerBuilder UseFakeLlmClient(this IIntegrationLayerBuilder builder, FakeLlmClient fake)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.UseFakeLlmClient(fake);
        return builder;
    }

    /// <summary>Answers by a script instead of the SDK: <see cref="ILlmClient"/>, and <c>IChatClient</c> over it. Works without <c>AddIntegrationLayer</c> too.</summary>
    /// <param name="services">The services.</param>
    /// <param name="fake">The client.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseFakeLlmClient(this IServiceCollection services, FakeLlmClient fake)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(fake);
        services.Replace(ServiceDescriptor.Singleton<ILlmClient>(fake));
        services.Replace(ServiceDescriptor.Singleton(fake.AsChatClient()));
        return services;
    }
}
