using System.Numerics;
using System.Runtime.InteropServices;
using IntegrationLayer.Sdk.Models;

namespace IntegrationLayer.Sdk.Costing;

/// <summary>Which deployments can serve a request, what each may cost, and why the others can't.</summary>
internal sealed class CostAnalysis : IRejectionReport
{
    // More than any model has room for.
    private const int LargestContext = 10_000_000;
    private const int MostSearches = 1_000;
    private const double Tolerance = 1.25;

    private readonly CandidateIndex _index;

    // Texts to be embedded are read one by one, each in a context window of its own.
    private readonly int _windows;
    // The cap that the caller gave: a model that can't write as much would cut the answer short.
    private readonly int _asked;

    // The service tier that the request asks for, if it may cost more than the standard one.
    private readonly string? _dearTier;
    private TokenEstimate _input;
    private TokenKinds _kinds;
    private Length _length;

    public CostAnalysis(LlmRequest request, CandidateIndex index)
    {
        _index = index;
        Request = request;
        OutputTokens = request.Options?.MaxOutputTokens ?? index.Options.DefaultMaxOutputTokens;
        _asked = request.Options?.MaxOutputTokens ?? 0;
        Candidates = index.Find(CandidateKey.Of(request, index.Deployments));
        _dearTier = RequestNeeds.ServiceTier(request) is { } tier && PriceResolver.MayBeDearer(tier) ? tier : null;
        _windows = request.Kind is ModelKind.Embedding ? request.Messages.Count : 1;
    }

    public LlmRequest Request { get; }

    /// <summary>Gets the settings in force when the request began.</summary>
    public IntegrationLayerOptions Options => _index.Options;

    /// <summary>Gets the name of the routing policy in force.</summary>
    public string Policy => Request.RoutingPolicy ?? Options.RoutingPolicy;

    public LatencyTable Latencies => _index.Latencies;

    public LoadTable Loads => _index.Loads;

    /// <summary>Gets the cap on the answer, before a model's own.</summary>
    public int OutputTokens { get; }

    /// <summary>Gets the deployments that meet every requirement that doesn't depend on the request's length.</summary>
    public CandidateSet Candidates { get; }

    /// <summary>Gets those of the candidates that can be the cheapest, if all of them can serve the request and only prices tell them apart.</summary>
    public Shortlist? Shortlist => Measure() is Length.FitsAll ? Candidates.Shortlist : null;

    /// <summary>Fills in what each of the <see cref="Shortlist"/> would cost.</summary>
    /// <returns>As <see cref="Price(Span{double})"/>.</returns>
    public (int Eligible, int Dearest) Price(Shortlist list, Span<double> costs) =>
        (Candidates.Deployments.Length, list.Price(costs, Candidates, _input.Text, _input.HasTools, OutputTokens));

    /// <summary>Fills in what each candidate would cost if it wrote all it may, in US dollars: infinity for one that can't serve this request.</summary>
    /// <param name="costs">One for each of <see cref="Candidates"/>.</param>
    /// <returns>How many can, and the position of the first of the dearest; −1 if none can.</returns>
    public (int Eligible, int Dearest) Price(Span<double> costs)
    {
        switch (Measure())
        {
            case Length.FitsAll:
                return CostColumn.Fill(costs, Candidates, _input.Text, _input.HasTools, OutputTokens);
            case Length.IsShort:
                PriceText(costs);
                if (IsLimited)
                {
                    Limit(costs);
                }

                break;
            default:
                PriceEach(costs);
                break;
        }

        return CostColumn.Survey(costs);
    }

    /// <summary>Gets the beginning of the prompt, once it was read.</summary>
    public PromptPrefix Prefix { get; private set; }

    /// <summary>Reads the beginning of the prompt, if it may be long enough for a prompt cache that makes a difference. After <see cref="Price(Span{double})"/>.</summary>
    public PromptPrefix ReadPrefix()
    {
        if (Prefix.Id == 0 && _input.Text >= PromptPrefix.LeastTokens && Candidates.HasCacheRates && Request.Kind is not ModelKind.Embedding)
        {
            Prefix = PromptPrefix.Of(Request);
        }

        return Prefix;
    }

    /// <summary>Gets a value indicating whether the beginning of the prompt is marked for those who keep only what is.</summary>
    public bool MarksPrefix { get; private set; }

    /// <summary>Has the beginning of the prompt marked. Writing it to the cache may cost more than reading it: so the most that the request may cost is more.</summary>
    public void MarkPrefix()
    {
        MarksPrefix = true;
        _kinds |= TokenKinds.CacheWrite;
    }

    /// <summary>Says whether the beginning is marked for a deployment.</summary>
    public bool MarksPrefixFor(Deployment deployment) => MarksPrefix && PromptMarks.Suits(deployment, Prefix.Characters);

    /// <summary>Gets how much the input would be cheaper at a candidate if the beginning of the prompt came from a cache, in US dollars; floating point, for comparing.</summary>
    public double CacheSaving(int candidate) => Candidates.CacheRate[candidate] * Prefix.Share * _input.Text * Candidates.TextFactor[candidate];

    /// <summary>Gets the model that answered, if it is another one than the deployment's.</summary>
    public ModelInfo? ServedInsteadOf(Deployment deployment, string? served) => _index.Served?.OtherThan(deployment, served);

    /// <summary>Gets the prices that savings are reckoned against; <see langword="null"/> if none are configured for this kind of request.</summary>
    public ModelPrices? ReferenceAt(DateTimeOffset at) => _index.Reference is { } reference && reference.Kind == Request.Kind ? reference.PricesAt(at) : null;

    /// <summary>Gets the most that a candidate may charge for the request; unknown if its price is.</summary>
    public LlmCost UpperBound(int candidate) => UpperBoundWith(candidate, MaxOutputTokens(candidate));

    /// <summary>Gets a candidate with what it may cost.</summary>
    public RankedDeployment Bound(int candidate) => new(Candidates.Deployments[candidate], UpperBound(candidate), MaxOutputTokens(candidate))
    {
        Prices = Candidates.Prices[candidate],
        MaxTokens = TokensIn(candidate) + MaxOutputTokens(candidate),
    };

    /// <summary>Gets a ranked candidate with a smaller cap on the answer, and what it may cost with that.</summary>
    public RankedDeployment Reduce(in RankedDeployment ranked, int cap) => ranked with
    {
        MaxCost = UpperBoundWith(Array.IndexOf(Candidates.Deployments, ranked.Deployment), cap),
        MaxTokens = ranked.MaxTokens - ranked.MaxOutputTokens + cap,
        MaxOutputTokens = cap,
        IsCapReduced = true,
    };

    /// <summary>Tells whether a model can have read and written as much as its provider says: it has room for no more, each time that it searches, and a quarter is left for other ways of counting.</summary>
    public bool CanBe(in RankedDeployment target, in TokenUsage tokens)
    {
        double room = (target.Deployment.Model.ContextTokens ?? LargestContext) * (double)_windows * (1 + tokens.WebSearches) * Tolerance;
        return tokens.WebSearches <= MostSearches && tokens.TotalInput <= room && tokens.TotalOutput <= room;
    }

    /// <summary>Gets how many tokens a candidate's provider is expected to count for the request: the input, and the cap that the caller gave or else an answer as long as answers lately were.</summary>
    public long RateTokens(int candidate) => RateTokens(TokensIn(candidate), MaxOutputTokens(candidate));

    /// <summary>Does the same for one that was ranked.</summary>
    public long RateTokens(in RankedDeployment ranked) => RateTokens(ranked.MaxTokens - ranked.MaxOutputTokens, ranked.MaxOutputTokens);

    /// <summary>Gets the cap on the answer that <see cref="UpperBound(int)"/> reckons with.</summary>
    public int MaxOutputTokens(int candidate) => (int)Math.Min(OutputTokens, Candidates.MaxOutput[candidate]);

    /// <inheritdoc/>
    public IReadOnlyList<RejectedDeployment> Explain()
    {
        var rejections = new List<RejectedDeployment>();
        foreach (Deployment deployment in _index.Deployments.All)
        {
            if (Eligibility.ReasonAgainst(deployment, Candidates.Key, _index.Deployments, _index.Options.UnknownPrices) is { } reason)
            {
                rejections.Add(new RejectedDeployment(deployment.Name, reason));
            }
        }

        for (int i = 0; i < Candidates.Deployments.Length; i++)
        {
            if (ReasonAgainst(i, isAsked: true) is { } reason)
            {
                rejections.Add(new RejectedDeployment(Candidates.Deployments[i].Name, reason));
            }
        }

        return rejections;
    }

    private LlmCost UpperBoundWith(int candidate, int output)
    {
        LlmCost standard = UpperBound(candidate, Candidates.Prices[candidate], output);
        return _dearTier is null || Candidates.Deployments[candidate].IsPricedByUser ? standard : UpperBoundAtTier(candidate, standard, output);
    }

    private LlmCost UpperBound(int candidate, ModelPrices prices, int output) =>
        CostCalculator.UpperBound(prices, TokensIn(candidate), output, _kinds);

    // A provider may serve a lower tier than was asked for, so the standard price counts too. A tier without a price may cost anything.
    private LlmCost UpperBoundAtTier(int candidate, LlmCost standard, int output)
    {
        Deployment deployment = Candidates.Deployments[candidate];
        string? region = deployment.Regions.Count > 0 ? deployment.Regions[0] : null;
        (LlmCost highest, bool isPriced) = (standard, false);
        foreach (PriceVariant variant in deployment.Model.PriceVariants)
        {
            if (PriceResolver.MayApply(variant, region, _dearTier!))
            {
                LlmCost cost = UpperBound(candidate, variant.Prices, output);
                highest = cost.Status is PriceStatus.Unknown || (highest.Status is not PriceStatus.Unknown && cost.Usd > highest.Usd) ? cost : highest;
                isPriced = true;
            }
        }

        return isPriced ? highest : LlmCost.Unknown;
    }

    // The input is read once, however often the request is ranked.
    private Length Measure()
    {
        if (_length is Length.Unknown)
        {
            _input = _index.Estimator.Estimate(Request);
            _kinds = (_input.AudioSeconds > 0 ? TokenKinds.AudioInput : TokenKinds.Text)
                | (_input.Images > 0 ? TokenKinds.ImageInput : TokenKinds.Text)
                | (RequestNeeds.WritesPromptCache(Request) ? TokenKinds.CacheWrite | TokenKinds.CacheWriteOneHour : TokenKinds.Text)
                | RequestNeeds.Answers(Request);
            bool isTextOnly = _dearTier is null && (_kinds & (TokenKinds.AudioOutput | TokenKinds.ImageOutput)) == 0 && _input.Images + _input.AudioSeconds + _input.Pages == 0;
            bool isShort = isTextOnly && _input.Text < Candidates.FirstTier / 4;
            _length = !isShort ? Length.IsAny : FitsAll() && !IsLimited ? Length.FitsAll : Length.IsShort;
        }

        return _length;
    }

    // A request so short that it fits wherever it may go: then only prices need to be looked at.
    private bool FitsAll()
    {
        double tokens = (_input.Text * Candidates.LargestTextFactor) + (_input.HasTools ? Candidates.LargestToolTokens : 0) + OutputTokens;
        return OutputTokens <= Candidates.SmallestMaxOutput && tokens <= Candidates.SmallestContext * _windows;
    }

    private bool IsLimited => Request.Requirements is not { MaxCost: null, MaxLatency: null };

    // The common case, in columns: text that is far from any price tier.
    private void PriceText(Span<double> costs)
    {
        CandidateSet set = Candidates;
        double text = _input.Text;
        double tools = _input.HasTools ? 1 : 0;
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            i = PriceText(set, text, costs);
        }

        for (; i < costs.Length; i++)
        {
            double tokensIn = (text * set.TextFactor[i]) + (tools * set.ToolTokens[i]);
            double tokensOut = Math.Min(OutputTokens, set.MaxOutput[i]);
            costs[i] = tokensIn + tokensOut <= set.Context[i] * _windows && _asked <= set.MaxOutput[i]
                ? (tokensIn * set.InputRate[i]) + (tokensOut * set.OutputRate[i]) + set.Fee[i]
                : double.PositiveInfinity;
        }
    }

    // Several candidates at once. Columns that add nothing to this request aren't read: memory is what this loop waits for.
    private int PriceText(CandidateSet set, double text, Span<double> costs)
    {
        var estimate = new Vector<double>(text);
        var output = new Vector<double>(OutputTokens);
        var asked = new Vector<double>(_asked);
        var never = new Vector<double>(double.PositiveInfinity);
        var windows = new Vector<double>(_windows);
        (bool hasTools, bool hasFees) = (_input.HasTools, set.HasFees);
        int count = costs.Length;
        ReadOnlySpan<double> textFactor = set.TextFactor.AsSpan(0, count), toolTokens = set.ToolTokens.AsSpan(0, count), maxOutput = set.MaxOutput.AsSpan(0, count);
        ReadOnlySpan<double> inputRate = set.InputRate.AsSpan(0, count), outputRate = set.OutputRate.AsSpan(0, count);
        ReadOnlySpan<double> fee = set.Fee.AsSpan(0, count), context = set.Context.AsSpan(0, count);
        int i = 0;
        for (; i <= count - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> tokensIn = estimate * At(textFactor, i);
            tokensIn = hasTools ? tokensIn + At(toolTokens, i) : tokensIn;
            Vector<double> tokensOut = Vector.MinNative(output, At(maxOutput, i));
            Vector<double> cost = (tokensIn * At(inputRate, i)) + (tokensOut * At(outputRate, i));
            cost = hasFees ? cost + At(fee, i) : cost;
            Vector<long> fits = Vector.LessThanOrEqual(tokensIn + tokensOut, At(context, i) * windows) & Vector.LessThanOrEqual(asked, At(maxOutput, i));
            Vector.ConditionalSelect(fits, cost, never)
                .StoreUnsafe(ref MemoryMarshal.GetReference(costs), (nuint)i);
        }

        return i;

        // The loop's condition keeps within every column: all are as long as the costs.
        static Vector<double> At(ReadOnlySpan<double> column, int at) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(column), (nuint)at);
    }

    // Rules out what is too dear or too slow. Only a cost so near the limit that floating point can't tell is reckoned in decimal.
    private void Limit(Span<double> costs)
    {
        const double Margin = 1e-6;
        (decimal? maxCost, TimeSpan? maxLatency) = (Request.Requirements.MaxCost, Request.Requirements.MaxLatency);
        double max = maxCost is { } limit ? (double)limit : double.PositiveInfinity;
        for (int i = 0; i < costs.Length; i++)
        {
            bool isUnder = costs[i] < (max * (1 - Margin)) - Margin;
            bool isOver = costs[i] > (max * (1 + Margin)) + Margin;
            if (isOver || (!isUnder && maxCost is not null && maxCost < UpperBound(i).Usd) || IsTooSlow(i, maxLatency))
            {
                costs[i] = double.PositiveInfinity;
            }
        }
    }

    private bool IsTooSlow(int candidate, TimeSpan? maxLatency) =>
        maxLatency is { } max && Latencies.FirstTokenMs[Candidates.Columns.Indexes[candidate]] > max.TotalMilliseconds;

    private void PriceEach(Span<double> costs)
    {
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = ReasonAgainst(i, isAsked: false) is not null ? double.PositiveInfinity
                : UpperBound(i) is { Status: not PriceStatus.Unknown } cost ? (double)cost.Usd
                : CandidateSet.UnknownPriceFee;
        }
    }

    // The reason is put into words only if somebody asks for it.
    private string? ReasonAgainst(int candidate, bool isAsked)
    {
        ModelRequirements requirements = Request.Requirements;
        double context = Candidates.Context[candidate] * _windows;
        long needed = TokensIn(candidate) + MaxOutputTokens(candidate);
        return 0 switch
        {
            _ when _asked > Candidates.MaxOutput[candidate] =>
                isAsked ? FormattableString.Invariant($"writes at most {Candidates.MaxOutput[candidate]} tokens, the request asks for {_asked}") : "",
            _ when needed > context =>
                isAsked ? FormattableString.Invariant($"{needed} tokens of input and output don't fit in its context of {context}") : "",
            _ when requirements.MaxCost is { } max && UpperBound(candidate) is var cost && (cost.Usd > max || cost.Status is PriceStatus.Unknown) =>
                isAsked ? FormattableString.Invariant($"may cost {(cost.Status is PriceStatus.Unknown ? "an unknown amount" : $"{cost.Usd} USD")}, over {max} USD") : "",
            _ when IsTooSlow(candidate, requirements.MaxLatency) => isAsked
                ? FormattableString.Invariant(
                    $"is expected to take {Latencies.FirstTokenMs[Candidates.Columns.Indexes[candidate]]:0} ms to the first token, over {requirements.MaxLatency?.TotalMilliseconds:0} ms")
                : "",
            _ => null,
        };
    }

    private long RateTokens(long input, int mostOutput) => input + (_asked > 0 ? mostOutput : (long)Latencies.ExpectedOutput(mostOutput));

    private long TokensIn(int candidate) => Candidates.Scales[candidate].Tokens(_input);

    // How much has to be looked at to price a request.
    private enum Length
    {
        Unknown,

        // Text that is far from any price tier, and that all candidates have room for: the price.
        FitsAll,

        // Text that is far from any price tier: the price and the room.
        IsShort,

        // Everything.
        IsAny,
    }
}
