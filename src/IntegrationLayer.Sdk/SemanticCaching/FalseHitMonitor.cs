namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Watches, by a random sample, which part of the answers turns out to be wrong, and says what to do about it.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="rate">Which part of all answers from the cache may be wrong.</param>
internal sealed class FalseHitMonitor(double rate)
{
    // A sample of more is halved: what is long ago counts less.
    private const double LargestSample = 500;
    private const double EnoughToRelax = 50;

    // One or two are an accident, whatever the formula says of so small a sample.
    private const double EnoughToAlarm = 3;

    private double _all;
    private double _weighed;
    private double _checked;
    private double _false;

    /// <summary>Gets how many answers were checked at random, and how many of them were wrong.</summary>
    public (long Checked, long False) Totals { get; private set; }

    /// <summary>Gets between which bounds the part of wrong answers among all from the cache lies, at 95 %.</summary>
    public (double Lower, double Upper) Bounds
    {
        get
        {
            (double lower, double upper) = WilsonInterval.Of(_false, _checked);
            double share = _all > 0 ? _weighed / _all : 1;
            return (lower * share, upper * share);
        }
    }

    /// <summary>Counts an answer from the cache.</summary>
    /// <param name="isWeighed">Whether it could be wrong.</param>
    public void Count(bool isWeighed)
    {
        _all++;
        _weighed += isWeighed ? 1 : 0;
    }

    /// <summary>Takes the outcome of a random check.</summary>
    public FalseHitAlarm Check(bool isRight)
    {
        _checked++;
        _false += isRight ? 0 : 1;
        Totals = (Totals.Checked + 1, Totals.False + (isRight ? 0 : 1));
        (double lower, double upper) = Bounds;
        bool isNoAccident = _false >= EnoughToAlarm;
        FalseHitAlarm alarm = isNoAccident && lower > 2 * rate ? FalseHitAlarm.Disable
            : isNoAccident && lower > rate ? FalseHitAlarm.Tighten
            : upper < rate && _checked >= EnoughToRelax ? FalseHitAlarm.Relax
            : FalseHitAlarm.None;
        if (alarm is FalseHitAlarm.Disable or FalseHitAlarm.Tighten)
        {
            // What comes next is judged by itself.
            (_checked, _false) = (0, 0);
        }
        else if (_checked >= LargestSample)
        {
            (_checked, _false, _all, _weighed) = (_checked / 2, _false / 2, _all / 2, _weighed / 2);
        }

        return alarm;
    }
}
