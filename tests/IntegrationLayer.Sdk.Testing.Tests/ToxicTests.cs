using System.Net.Sockets;

namespace IntegrationLayer.Sdk.Testing.Tests;

public sealed class ToxicTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ObservedClock _clock = null!;
    private ProxiedConnection _connection = null!;

    private FaultProxy Proxy => _connection.Proxy;

    [SetUp]
    public async Task SetUp()
    {
        _clock = new ObservedClock();
        _connection = new ProxiedConnection(_clock, seed: 7);
        await _connection.ConnectAsync();
    }

    [TearDown]
    public async Task TearDown() => await _connection.DisposeAsync();

    [Test]
    public async Task Latency_delays_every_byte_and_nothing_in_the_other_direction()
    {
        Proxy.Add(Toxic.Latency(Second));
        await _connection.SendAsync(_connection.Server, "late");
        TimeSpan wait = await _clock.WaitForTimerAsync(_connection.Limit);
        await _connection.SendAsync(_connection.Client, "at once");
        string up = await _connection.ReceiveAsync(_connection.Server, 7);
        _clock.Advance(Second - TimeSpan.FromMilliseconds(10));
        long early = Proxy.Statistics.BytesDown;

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.That(await _connection.ReceiveAsync(_connection.Client, 4), Is.EqualTo("late"));
        Assert.That((wait, up, early), Is.EqualTo((Second, "at once", 0)));
    }

    [Test]
    public async Task Latency_varies_by_its_jitter_and_the_same_for_the_same_seed()
    {
        Proxy.Add(Toxic.Latency(Second, jitter: Second / 2));
        await _connection.SendAsync(_connection.Server, "a");
        TimeSpan first = await _clock.WaitForTimerAsync(_connection.Limit);
        _clock.Advance(Second * 2);
        await _connection.ReceiveAsync(_connection.Client, 1);
        await _connection.SendAsync(_connection.Server, "b");
        TimeSpan second = await _clock.WaitForTimerAsync(_connection.Limit);

        ObservedClock clock = new();
        await using ProxiedConnection again = new(clock, seed: 7);
        await again.ConnectAsync();
        again.Proxy.Add(Toxic.Latency(Second, jitter: Second / 2));
        await again.SendAsync(again.Server, "a");
        TimeSpan repeated = await clock.WaitForTimerAsync(again.Limit);

        Assert.That(first, Is.InRange(Second / 2, Second * 1.5));
        Assert.That(second, Is.InRange(Second / 2, Second * 1.5).And.Not.EqualTo(first));
        Assert.That(repeated, Is.EqualTo(first));
    }

    [Test]
    public async Task Bandwidth_lets_a_tenth_of_its_bytes_through_every_tenth_of_a_second()
    {
        Proxy.Add(Toxic.Bandwidth(1_000));
        await _connection.SendAsync(_connection.Server, new string('x', 250));
        TimeSpan wait = await _clock.WaitForTimerAsync(_connection.Limit);
        _clock.Advance(wait);
        string first = await _connection.ReceiveAsync(_connection.Client, 100);
        TimeSpan next = await _clock.WaitForTimerAsync(_connection.Limit);

        _clock.Advance(TimeSpan.FromMilliseconds(150));

        Assert.That((await _connection.ReceiveAsync(_connection.Client, 150)).Length, Is.EqualTo(150));
        Assert.That((wait, first.Length, next), Is.EqualTo((TimeSpan.FromMilliseconds(100), 100, TimeSpan.FromMilliseconds(100))));
    }

    [Test]
    public async Task Slicer_cuts_into_pieces_with_pauses_between()
    {
        Proxy.Add(Toxic.Slicer(averageSize: 2, delay: Second));
        await _connection.SendAsync(_connection.Server, "abcde");
        string first = await _connection.ReceiveAsync(_connection.Client);
        await _clock.WaitForTimerAsync(_connection.Limit);
        _clock.Advance(Second);
        string second = await _connection.ReceiveAsync(_connection.Client);
        await _clock.WaitForTimerAsync(_connection.Limit);
        _clock.Advance(Second);
        string third = await _connection.ReceiveAsync(_connection.Client);

        Assert.That((first, second, third), Is.EqualTo(("ab", "cd", "e")));
    }

    [Test]
    public async Task Slicer_varies_sizes_and_loses_nothing()
    {
        Proxy.Add(Toxic.Slicer(averageSize: 5, sizeVariation: 4));
        string text = string.Concat(Enumerable.Range(0, 2_000).Select(i => (char)('a' + (i % 26))));

        await _connection.SendAsync(_connection.Server, text);

        Assert.That(await _connection.ReceiveAsync(_connection.Client, text.Length), Is.EqualTo(text));
    }

    [Test]
    public async Task Limit_data_closes_after_so_many_bytes_counted_from_when_it_was_added()
    {
        await _connection.SendAsync(_connection.Server, "before");
        await _connection.ReceiveAsync(_connection.Client, 6);
        Proxy.Add(Toxic.LimitData(4));

        await _connection.SendAsync(_connection.Server, "123456");

        Assert.That(await _connection.ReceiveAsync(_connection.Client, 4), Is.EqualTo("1234"));
        Assert.That(await _connection.ReceiveAsync(_connection.Client), Is.Empty);
        await Proxy.WaitForAsync(s => s.OpenConnections == 0, _connection.Limit);
    }

    [Test]
    public async Task Timeout_holds_everything_back_until_it_is_removed()
    {
        Toxic timeout = Toxic.Timeout();
        Proxy.Add(timeout);
        await _connection.SendAsync(_connection.Server, "held");
        _connection.Server.Shutdown(SocketShutdown.Send);
        _clock.Advance(TimeSpan.FromDays(1));
        long held = Proxy.Statistics.BytesDown;

        Proxy.Remove(timeout);

        Assert.That(held, Is.Zero);
        Assert.That(await _connection.ReceiveAsync(_connection.Client, 4), Is.EqualTo("held"));
        Assert.That(await _connection.ReceiveAsync(_connection.Client), Is.Empty);
    }

    [Test]
    public async Task Timeout_closes_the_connection_in_the_end_though_nothing_is_sent()
    {
        Proxy.Add(Toxic.Timeout(Second));
        Assert.That(await _clock.WaitForTimerAsync(_connection.Limit), Is.EqualTo(Second));

        _clock.Advance(Second);

        Assert.That(await _connection.ReceiveAsync(_connection.Client), Is.Empty);
    }

    [Test]
    public async Task Reset_peer_resets_both_sides_of_an_idle_connection()
    {
        Proxy.Add(Toxic.ResetPeer());

        Assert.That(await _connection.IsResetAsync(_connection.Client), Is.True);
        Assert.That(await _connection.IsResetAsync(_connection.Server), Is.True);
    }

    [Test]
    public async Task Reset_peer_waits_its_time()
    {
        Proxy.Add(Toxic.ResetPeer(Second));
        await _clock.WaitForTimerAsync(_connection.Limit);
        await _connection.SendAsync(_connection.Server, "before");
        string before = await _connection.ReceiveAsync(_connection.Client, 6);

        _clock.Advance(Second);

        Assert.That(before, Is.EqualTo("before"));
        Assert.That(await _connection.IsResetAsync(_connection.Client), Is.True);
    }

    [Test]
    public async Task Slow_close_delays_the_end_and_not_the_bytes()
    {
        Proxy.Add(Toxic.SlowClose(Second));
        await _connection.SendAsync(_connection.Server, "bytes");
        _connection.Server.Shutdown(SocketShutdown.Send);
        string bytes = await _connection.ReceiveAsync(_connection.Client, 5);
        Task<string> end = _connection.ReceiveAsync(_connection.Client);
        await _clock.WaitForTimerAsync(_connection.Limit);
        bool wasOpen = !end.IsCompleted;

        _clock.Advance(Second);

        Assert.That((bytes, wasOpen, await end), Is.EqualTo(("bytes", true, "")));
    }

    [Test]
    public async Task Upstream_toxic_works_on_what_the_client_sends()
    {
        Proxy.Add(Toxic.LimitData(3).Upstream());

        await _connection.SendAsync(_connection.Client, "12345");

        Assert.That(await _connection.ReceiveAsync(_connection.Server, 3), Is.EqualTo("123"));
        await Proxy.WaitForAsync(s => s is { BytesUp: 3, OpenConnections: 0 }, _connection.Limit);
    }

    [Test]
    public async Task Toxics_add_up()
    {
        Proxy.Add(Toxic.Latency(Second));
        Proxy.Add(Toxic.Latency(Second));

        await _connection.SendAsync(_connection.Server, "x");

        Assert.That(await _clock.WaitForTimerAsync(_connection.Limit), Is.EqualTo(Second * 2));
    }

    [Test]
    public async Task Clearing_lets_go_of_what_waits()
    {
        Proxy.Add(Toxic.Latency(TimeSpan.FromDays(1)));
        await _connection.SendAsync(_connection.Server, "x");
        await _clock.WaitForTimerAsync(_connection.Limit);

        Proxy.Clear();

        Assert.That(await _connection.ReceiveAsync(_connection.Client, 1), Is.EqualTo("x"));
    }

    [Test]
    public async Task Toxicity_hits_its_share_of_connections_and_the_same_ones_for_the_same_seed()
    {
        bool[] first = await HitsAsync(seed: 1);
        bool[] second = await HitsAsync(seed: 1);
        bool[] other = await HitsAsync(seed: 2);

        Assert.That(first.Count(hit => hit), Is.InRange(1, first.Length - 1));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    public async Task Toxicity_of_nothing_or_all_is_certain(double toxicity, bool expected)
    {
        await using ProxiedConnection connection = new();
        connection.Proxy.Add(Toxic.LimitData(0).WithToxicity(toxicity));
        await connection.ConnectAsync();

        await connection.SendAsync(connection.Server, "x");

        Assert.That((await connection.ReceiveAsync(connection.Client)).Length == 0, Is.EqualTo(expected));
    }

    [Test]
    public void Names_are_those_of_toxiproxy()
    {
        Toxic[] all =
        [
            Toxic.Latency(Second), Toxic.Bandwidth(1), Toxic.SlowClose(Second), Toxic.Timeout(), Toxic.ResetPeer(), Toxic.Slicer(1), Toxic.LimitData(1),
        ];

        Assert.That(all.Select(t => t.Name), Is.EqualTo(["latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data"]));
        Assert.That(Toxic.Bandwidth(1).Upstream().WithToxicity(0.5) is { IsUpstream: true, Toxicity: 0.5 }, Is.True);
        Assert.That(Toxic.Bandwidth(1).Upstream().ToString(), Is.EqualTo("bandwidth up"));
    }

    [Test]
    public void Values_that_make_no_sense_are_refused()
    {
        TimeSpan negative = TimeSpan.FromTicks(-1);

        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Latency(negative));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Latency(Second, Second * 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Bandwidth(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.SlowClose(negative));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Timeout(negative));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.ResetPeer(negative));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Slicer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.Slicer(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.LimitData(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toxic.LimitData(1).WithToxicity(1.1));
    }

    // Which of a number of connections let nothing through.
    private static async Task<bool[]> HitsAsync(long seed)
    {
        await using ProxiedConnection connection = new(seed: seed);
        connection.Proxy.Add(Toxic.LimitData(0).WithToxicity(0.5));
        bool[] hits = new bool[24];
        for (int i = 0; i < hits.Length; i++)
        {
            await connection.ConnectAsync();
            await connection.SendAsync(connection.Server, "x");
            hits[i] = (await connection.ReceiveAsync(connection.Client)).Length == 0;
        }

        return hits;
    }
}
