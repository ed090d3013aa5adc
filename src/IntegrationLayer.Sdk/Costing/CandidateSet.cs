using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>The deployments that can serve requests with one key, and their prices in columns, so that thousands are priced in microseconds.</summary>
/// <remarks>The columns are floating point: they order candidates. What is charged is reckoned in decimal, for the chosen ones only.</remarks>
internal sealed class CandidateSet
{
    public CandidateSet(in CandidateKey key, Deployment[] deployments, TokenScale[] scales, UnknownPricePolicy unknownPrices, ModelPrices highest)
    {
        Key = key;
        int count = deployments.Length;
        Columns = new CandidateColumns(deployments);
        Prices = new ModelPrices[count];
        Scales = new TokenScale[count];
        TextFactor = new double[count];
        ToolTokens = new double[count];
        InputRate = new double[count];
        TextRate = new double[count];
        ToolFee = new double[count];
        OutputRate = new double[count];
        Fee = new double[count];
        CacheRate = new double[count];
        MaxOutput = new double[count];
        Context = new double[count];
        for (int i = 0; i < count; i++)
        {
            Deployment deployment = deployments[i];
            ModelInfo model = deployment.Model;
            bool isPriced = Eligibility.IsPriced(model);
            ModelPrices prices = !isPriced && unknownPrices is UnknownPricePolicy.UseUpperBound ? highest : model.Prices;
            Prices[i] = prices;
            Scales[i] = scales[deployment.Index];
            TextFactor[i] = Scales[i].TextPermille / 1000d;
            ToolTokens[i] = Scales[i].Tools;
            InputRate[i] = (double)(prices.Input ?? 0) / 1e6;
            TextRate[i] = TextFactor[i] * InputRate[i];
            ToolFee[i] = ToolTokens[i] * InputRate[i];
            OutputRate[i] = Eligibility.Writes(model.Kind) ? (double)(prices.Output ?? 0) / 1e6 : 0;
            Fee[i] = isPriced || unknownPrices is UnknownPricePolicy.UseUpperBound ? (double)(prices.PerRequest ?? 0) : UnknownPriceFee;
            MaxOutput[i] = Eligibility.Writes(model.Kind) ? model.MaxOutputTokens ?? double.MaxValue : 0;
            Context[i] = model.ContextTokens ?? double.MaxValue;
            HasFees |= Fee[i] != 0;
            CacheRate[i] = prices is { Input: { } input, CacheRead: { } cached } && cached < input ? (double)(input - cached) / 1e6 : 0;
            HasCacheRates |= CacheRate[i] > 0;
            TakesMarks |= CacheRate[i] > 0 && PromptMarks.Takes(deployment);
            LargestTextFactor = Math.Max(LargestTextFactor, TextFactor[i]);
            LargestToolTokens = Math.Max(LargestToolTokens, ToolTokens[i]);
            SmallestMaxOutput = Math.Min(SmallestMaxOutput, MaxOutput[i]);
            SmallestContext = Math.Min(SmallestContext, Context[i]);
            FirstTier = Math.Min(FirstTier, prices.Tiers.Count > 0 ? prices.Tiers[0].AboveInputTokens : long.MaxValue);
        }

        Shortlist = Shortlist.Of(this);
    }

    /// <summary>Gets what a candidate of unknown price is reckoned to cost, so that it comes after all others.</summary>
    public static double UnknownPriceFee => 1e12;

    /// <summary>Gets what the requests have in common.</summary>
    public CandidateKey Key { get; }

    /// <summary>Gets the candidates, and what routing policies look at of them.</summary>
    public CandidateColumns Columns { get; }

    public Deployment[] Deployments => Columns.Deployments;

    /// <summary>Gets the prices that the candidates are reckoned with.</summary>
    public ModelPrices[] Prices { get; }

    /// <summary>Gets how each candidate counts its input.</summary>
    public TokenScale[] Scales { get; }

    /// <summary>Gets how many of the candidate's own tokens one estimated token of text is.</summary>
    public double[] TextFactor { get; }

    /// <summary>Gets the tokens that the provider adds when a request offers tools.</summary>
    public double[] ToolTokens { get; }

    /// <summary>Gets US dollars per input token.</summary>
    public double[] InputRate { get; }

    /// <summary>Gets US dollars per estimated token of text.</summary>
    public double[] TextRate { get; }

    /// <summary>Gets US dollars for the tokens that the provider adds when a request offers tools.</summary>
    public double[] ToolFee { get; }

    /// <summary>Gets US dollars per output token.</summary>
    public double[] OutputRate { get; }

    /// <summary>Gets those that can be cheapest of requests that all can serve; <see langword="null"/> if looking at all is as quick.</summary>
    public Shortlist? Shortlist { get; }

    /// <summary>Gets US dollars per request.</summary>
    public double[] Fee { get; }

    /// <summary>Gets how many US dollars an input token is cheaper that comes from the provider's prompt cache; zero if that isn't known.</summary>
    public double[] CacheRate { get; }

    /// <summary>Gets a value indicating whether any candidate has a <see cref="CacheRate"/>.</summary>
    public bool HasCacheRates { get; }

    /// <summary>Gets a value indicating whether any candidate that has one keeps only what is marked.</summary>
    public bool TakesMarks { get; }

    /// <summary>Gets a value indicating whether any candidate has a <see cref="Fee"/>.</summary>
    public bool HasFees { get; }

    /// <summary>Gets the longest answer in tokens.</summary>
    public double[] MaxOutput { get; }

    /// <summary>Gets the context window in tokens.</summary>
    public double[] Context { get; }

    /// <summary>Gets the largest <see cref="TextFactor"/>.</summary>
    public double LargestTextFactor { get; }

    /// <summary>Gets the most <see cref="ToolTokens"/>.</summary>
    public double LargestToolTokens { get; }

    /// <summary>Gets the smallest <see cref="MaxOutput"/>.</summary>
    public double SmallestMaxOutput { get; } = double.MaxValue;

    /// <summary>Gets the smallest <see cref="Context"/>.</summary>
    public double SmallestContext { get; } = double.MaxValue;

    /// <summary>Gets the smallest input at which some candidate's price changes.</summary>
    public long FirstTier { get; } = long.MaxValue;

    /// <summary>Reckons what a candidate would cost, in US dollars, for text that is far from any price tier.</summary>
    /// <param name="candidate">Its position.</param>
    /// <param name="text">Estimated tokens of text.</param>
    /// <param name="hasTools">Whether tools are offered.</param>
    /// <param name="output">The tokens that it may write.</param>
    public double CostOf(int candidate, double text, bool hasTools, double output) =>
        (text * TextRate[candidate]) + (output * OutputRate[candidate]) + (hasTools ? ToolFee[candidate] : 0) + Fee[candidate];
}
