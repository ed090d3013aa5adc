using FsCheck;
using FsCheck.Fluent;
using IntegrationLayer.Sdk.Models;
using IntegrationLayer.Sdk.Pipeline;
using IntegrationLayer.Sdk.Routing;
using IntegrationLayer.Sdk.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace IntegrationLayer.Sdk.Tests.Routing;

/// <summary>Whatever the deployments and the requirements, the fast path decides what a plain reading of the rules decides.</summary>
internal sealed class RoutePropertyTests
{
    private sealed record Offer(int Input, int Output, int Context, int MaxOutput, int Quality);

    private static readonly Gen<Offer> Offers =
        from input in Gen.Choose(0, 50)
        from output in Gen.Choose(0, 50)
        from context in Gen.Choose(1, 40)
        from maxOutput in Gen.Choose(1, 20)
        from quality in Gen.Choose(0, 10)
        select new Offer(input, output, context, maxOutput, quality);

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public Property Cheapest_that_fit_are_ranked_first_and_everybody_is_accounted_for() =>
        Prop.ForAll(
            (from count in Gen.Choose(1, 700) from offers in Gen.ListOf(Offers, count) select offers.ToList()).ToArbitrary(),
            Gen.Choose(1, 30_000).ToArbitrary(),
            (from quality in Gen.Choose(0, 10) from cost in Gen.Frequency((1, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 1_000_000).Select(c => (int?)c))) select (quality, cost)).ToArbitrary(),
            (offers, maxTokens, limits) => Check(offers, maxTokens, limits.quality, limits.cost));

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public Property Shortlist_of_the_cheapest_decides_what_looking_at_all_decides() =>
        Prop.ForAll(
            (from count in Gen.Choose(100, 700) from offers in Gen.ListOf(Offers, count) from isDense in Gen.Elements(true, false)
             select offers.Select(o => isDense ? o with { Input = o.Input % 6, Output = o.Output % 6 } : o).ToList()).ToArbitrary(),
            Gen.Choose(1, 1_000).ToArbitrary(),
            Gen.Elements(true, false).ToArbitrary(),
            CheckShortlist);

    // A plan is deeper than a shortlist, so all are looked at for it.
    private static bool CheckShortlist(List<Offer> offers, int maxTokens, bool hasTools)
    {
        PipelineHost host = HostOf(offers);
        AITool[] tools = hasTools ? [AIFunctionFactory.Create(() => 1, "one")] : [];
        var request = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = maxTokens, Tools = tools } };
        RoutePlanner planner = host.Get<RoutePlanner>();
        RouteDecision all = planner.Plan(request);
        RouteDecision listed = planner.Rank(planner.Analyze(request), hasBudget: true);
        return listed.CandidateCount == all.CandidateCount
            && listed.Ranked.Count == Math.Min(16, listed.CandidateCount)
            && listed.Ranked.Select(r => r.MaxCost).SequenceEqual(all.Ranked.Take(16).Select(r => r.MaxCost))
            && listed.Dearest == all.Dearest
            && listed.Rejected.Count == offers.Count - listed.CandidateCount;
    }

    // The limit on the cost is in micro-USD, as all costs are: equal ones must not be ruled out.
    private static bool Check(List<Offer> offers, int maxTokens, int minQuality, int? maxCost)
    {
        PipelineHost host = HostOf(offers);
        var request = new LlmRequest("hello") { Options = new ChatOptions { MaxOutputTokens = maxTokens }, Requirements = new ModelRequirements { MinQuality = minQuality / 10d, MaxCost = maxCost / 1_000_000m } };
        RouteDecision decision = host.Get<IRoutePlanner>().RouteAsync(request).AsTask().GetAwaiter().GetResult();

        List<(int Index, decimal Cost)> expected = [.. offers.Index()
            .Where(o => o.Item.Quality >= minQuality && maxTokens <= o.Item.MaxOutput * 1_000 && Input + maxTokens <= o.Item.Context * 1_000)
            .Select(o => (o.Index, (Input * o.Item.Input) + ((decimal)maxTokens * o.Item.Output)))
            .Where(o => maxCost is null || o.Item2 <= maxCost)
            .OrderBy(o => o.Item2)];
        List<decimal> ranked = [.. decision.Ranked.Select(r => expected.Single(e => $"lab/gpt-4o-x{e.Index}" == r.Deployment.Name).Cost)];
        return decision.CandidateCount == expected.Count
            && decision.Rejected.Count == offers.Count - expected.Count
            && ranked.SequenceEqual(expected.Take(ranked.Count).Select(e => e.Cost))
            && ranked.Count == Math.Min(64, expected.Count);
    }

    private static PipelineHost HostOf(List<Offer> offers) => new(options =>
    {
        options.Deployments.Clear();
        foreach ((int index, Offer offer) in offers.Index())
        {
            options.Deployments.Add(new DeploymentOptions
            {
                Account = "lab",
                Model = $"gpt-4o-x{index}",
                InputPrice = offer.Input,
                OutputPrice = offer.Output,
                ContextTokens = offer.Context * 1_000,
                MaxOutputTokens = offer.MaxOutput * 1_000,
                Quality = offer.Quality / 10d,
                Capabilities = ModelCapabilities.Tools,
            });
        }
    });

    // What the estimator counts for the prompt; read once, so that the property is about routing.
    private static int Input { get; } = new Sdk.Costing.TokenEstimator().Estimate(new LlmRequest("hello")).Text;
}
