namespace IntegrationLayer.Sdk.Evaluations.Availability;

/// <summary>When something is down.</summary>
internal sealed class Outages
{
    private readonly List<(TimeSpan From, TimeSpan To)> _periods = [];

    /// <summary>Gets something that is never down.</summary>
    public static Outages None { get; } = new();

    /// <summary>Makes one outage.</summary>
    public static Outages Once(TimeSpan from, TimeSpan length) => new() { _periods = { (from, from + length) } };

    /// <summary>Makes outages that recur: exponentially distributed times between outages of one length, so that a given share of all time is down.</summary>
    public static Outages Recurring(Random random, double share, TimeSpan length, TimeSpan horizon)
    {
        var outages = new Outages();
        double meanUp = length.TotalSeconds * (1 - share) / share;
        TimeSpan at = TimeSpan.Zero;
        while (at < horizon)
        {
            at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * meanUp);
            outages._periods.Add((at, at + length));
            at += length;
        }

        return outages;
    }

    /// <summary>Makes outages of one length that begin at every multiple of a period, shifted.</summary>
    public static Outages Every(TimeSpan period, TimeSpan shift, TimeSpan length, TimeSpan horizon)
    {
        var outages = new Outages();
        for (TimeSpan at = shift; at < horizon; at += period)
        {
            outages._periods.Add((at, at + length));
        }

        return outages;
    }

    public bool IsDown(TimeSpan time)
    {
        int at = _periods.BinarySearch((time, TimeSpan.MaxValue));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && time < _periods[at].To;
    }
}
