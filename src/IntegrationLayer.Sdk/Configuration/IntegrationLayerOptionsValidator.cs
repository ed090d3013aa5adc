using System.Globalization;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Portkey;
using Microsoft.Extensions.Options;

namespace IntegrationLayer.Sdk.Configuration;

/// <summary>Checks each setting by itself. Written out instead of attributes, whose errors name neither the place in the configuration nor the value.</summary>
internal sealed class IntegrationLayerOptionsValidator : IValidateOptions<IntegrationLayerOptions>
{
    private const string Section = "IntegrationLayer";
    private const decimal MaxPrice = 1_000_000;
    private const int MaxTokens = 100_000_000;
    private const int MinBytes = 1024;

    public ValidateOptionsResult Validate(string? name, IntegrationLayerOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckRange(errors, $"{Section}:MaxAttempts", options.MaxAttempts, 1, 10);
        CheckRange(errors, $"{Section}:DefaultMaxOutputTokens", options.DefaultMaxOutputTokens, 1, 10_000_000);
        CheckTime(errors, $"{Section}:Timeout", options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        if (string.IsNullOrWhiteSpace(options.RoutingPolicy))
        {
            errors.AddError($"{Section}:RoutingPolicy is empty. Set it to a policy's name, or leave it out for LowestCost.");
        }

        if (options.Usage is null)
        {
            errors.AddError($"{Section}:Usage is null. Leave it as it is made, and set its properties.");
        }
        else
        {
            CheckRange(errors, $"{Section}:Usage:RecordsInMemory", options.Usage.RecordsInMemory, 0, 1_000_000);
        }

        CheckPortkey(errors, options.Portkey);
        for (int i = 0; i < options.Deployments.Count; i++)
        {
            CheckDeployment(errors, options.Deployments[i], i);
        }

        return errors.Build();
    }

    private static void CheckPortkey(ValidateOptionsResultBuilder errors, PortkeyOptions? portkey)
    {
        if (portkey is null)
        {
            errors.AddError($"{Section}:Portkey is null. Leave it as it is made, and set its properties.");
            return;
        }

        if (portkey.Endpoint is null)
        {
            errors.AddError($"{Section}:Portkey:Endpoint is null. Set it to the gateway's address, such as https://api.portkey.ai/v1/.");
        }

        CheckRange(errors, $"{Section}:Portkey:MaxResponseBytes", portkey.MaxResponseBytes, MinBytes, int.MaxValue);
        CheckRange(errors, $"{Section}:Portkey:MaxEventBytes", portkey.MaxEventBytes, MinBytes, int.MaxValue);
        CheckRange(errors, $"{Section}:Portkey:MaxStreamBytes", portkey.MaxStreamBytes, MinBytes, int.MaxValue);
        CheckTime(errors, $"{Section}:Portkey:ConnectTimeout", portkey.ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
    }

    private static void CheckDeployment(ValidateOptionsResultBuilder errors, DeploymentOptions deployment, int index)
    {
        string name = DeploymentFactory.NameOf(deployment);
        Check("InputPrice", deployment.InputPrice, 0, MaxPrice);
        Check("OutputPrice", deployment.OutputPrice, 0, MaxPrice);
        Check("CacheReadPrice", deployment.CacheReadPrice, 0, MaxPrice);
        Check("CacheWritePrice", deployment.CacheWritePrice, 0, MaxPrice);
        Check("RequestPrice", deployment.RequestPrice, 0, MaxPrice);
        Check("SearchPrice", deployment.SearchPrice, 0, MaxPrice);
        Check("ContextTokens", deployment.ContextTokens, 1, MaxTokens);
        Check("MaxOutputTokens", deployment.MaxOutputTokens, 1, MaxTokens);
        Check<double>("Quality", deployment.Quality, 0, 1);
        Check<double>("Weight", deployment.Weight, 0, 1_000_000);
        Check("MaxConcurrency", deployment.MaxConcurrency, 1, 1_000_000);

        void Check<T>(string setting, T? value, T least, T most)
            where T : struct, IComparable<T>, IFormattable
        {
            if (value is { } given)
            {
                CheckRange(errors, $"{Section}:Deployments:{index}:{setting} (of '{name}')", given, least, most);
            }
        }
    }

    // NaN compares as less than anything, so it is refused too.
    private static void CheckRange<T>(ValidateOptionsResultBuilder errors, string setting, T value, T least, T most)
        where T : struct, IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.AddError($"{setting} is {Show(value)}; set it from {Show(least)} to {Show(most)}.");
        }
    }

    private static void CheckTime(ValidateOptionsResultBuilder errors, string setting, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            errors.AddError($"{setting} is {value}; set it from {least} to {most}.");
        }
    }

    private static string Show<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
