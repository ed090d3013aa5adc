using System.Globalization;
using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Evaluations.SemanticCaching;

internal static class LabCommand
{
    public static int Run(string[] a)
    {
        var data = new SemanticData("/work/shared/data/semcache", "dev");
        using FileStream f = File.OpenRead(a[0]);
        AcceptancePrior prior = AcceptancePrior.Read(f);
        double rate = Get(a, "rate", 0.01), conf = Get(a, "conf", 0.5), shadow = Get(a, "shadow", 0.02), pw = Get(a, "pw", 1);
        prior = prior with { Covariance = [.. prior.Covariance.Select(c => c / pw)] };
        var traces = new Dictionary<string, List<TraceRequest>>();
        var bk = data.Clusters("banking77"); var qq = data.Clusters("qqp"); var q3 = qq.Where(x => x.Value.Count >= 3).ToArray();
        string[] singles = [.. qq.Where(x => x.Value.Count < 3).Select(x => x.Value[0])]; new Random(3).Shuffle(singles);
        for (int h = 1; h < 3; h++) { int hh = h; 
            traces["sup" + h] = new TrafficMaker(bk.ToDictionary(x => x.Key, x => x.Value.Where((_, i) => i % 3 == hh).Take(40).ToList()), .8).Make(10000, h);
            var half = q3.Where(x => (WordHash.Of(x.Key) >> 8) % 2 == (ulong)(hh - 1)).ToDictionary(x => x.Key, x => x.Value);
            traces["qa" + h] = new TrafficMaker(half, 1).Make(10000, 10 + h);
            traces["mix" + h] = new TrafficMaker(half, 1) { StrangerShare = .2, Strangers = singles[(8000 * (h - 1))..(8000 * h)], NearMissShare = .05 }.Make(10000, 20 + h); }
        traces["clinc"] = new TrafficMaker(data.Clusters("clinc150").Where(x => x.Value.Count > 1).ToDictionary(), .8).Make(10000, 5);
        foreach ((string n, var read) in data.Traces()) if (!n.Contains("fresh")) traces[n] = read();
        string[] only = a.FirstOrDefault(x => x.StartsWith("only="))?[5..].Split(',') ?? [.. traces.Keys];
        Replay.Dump = a.Contains("dump"); bool frontier = a.Contains("frontier");
        foreach (string n in only) {
            if (frontier) { double lo = -7, hi = 1; Replay? best = null; for (int i = 0; i < 8; i++) { double mid = (lo + hi) / 2; var r = new Replay(prior, new SemanticCacheOptions { ShadowRate = shadow }); r.Run(traces[n], Math.Exp(mid)); if (r.False <= .01 * (r.Exact + r.Semantic)) { best = r; lo = mid; } else hi = mid; } if (best != null) Show(n, best, traces[n].Count, Math.Exp(lo)); continue; }
            var x = new Replay(prior, new SemanticCacheOptions { MaxFalseHitRate = rate, MinConfidence = conf, ShadowRate = shadow }); x.Run(traces[n]); Show(n, x, traces[n].Count, x.Limit); if (a.Contains("bins")) foreach (var g in x.Bins.GroupBy(b => b.Item1 <= .001 ? 0 : Math.Ceiling(Math.Log2(b.Item1 / .005))).OrderBy(g => g.Key)) Console.WriteLine(FormattableString.Invariant($"     risk<={(g.Key == 0 ? .001 : .005 * Math.Pow(2, g.Key)):F3} n {g.Count()} expected {g.Sum(b => b.Item1):F1} false {g.Count(b => !b.Item2)}")); }
        return 0;
    }
    static double Get(string[] a, string k, double d) => a.FirstOrDefault(x => x.StartsWith(k + "=")) is { } s ? double.Parse(s[(k.Length + 1)..], CultureInfo.InvariantCulture) : d;
    static void Show(string n, Replay r, int count, double limit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{n,-8} hit {(r.Exact + r.Semantic) / (double)count:F4} exact {r.Exact / (double)count:F3} sem {r.Semantic} false {r.False / (double)(r.Exact + r.Semantic):F4} ({r.False}, expected {r.Expected:F0}) checks {r.Checks} limit {limit:F3} alarms {r.Alarms}"));
}
