using System.Diagnostics;
using IntegrationLayer.Sdk.TestSupport.Processes;

namespace IntegrationLayer.Sdk.Integration.Tests.Infrastructure;

public sealed class ProcessTests
{
    [Test]
    public void Missing_program_fails_with_the_cure()
    {
        Assert.That(
            () => Executable.Find("node", "Install Node.js.", searchPath: "/nowhere"),
            Throws.InstanceOf<FileNotFoundException>().With.Message.EqualTo("'node' is not on the PATH. Install Node.js."));
    }

    [Test]
    public void Output_buffer_keeps_the_last_lines_only()
    {
        OutputBuffer buffer = new(capacity: 2);
        foreach (string line in (string[])["one", "", "two", "three"])
        {
            buffer.Add(line);
        }

        Assert.That(buffer.ToString(), Is.EqualTo("two\nthree"));
    }

    [Test]
    public void Ports_differ_and_lie_below_the_ephemeral_range()
    {
        int[] ports = [LoopbackPort.Find(), LoopbackPort.Find(), LoopbackPort.Find()];

        Assert.That(ports, Is.Unique.And.All.InRange(20_000, 31_999));
    }

    [Test]
    public async Task Process_that_ends_before_it_is_ready_shows_its_output()
    {
        await using ChildProcess process = ChildProcess.Start(new ProcessStartInfo("/bin/sh", ["-c", "echo told you >&2; exit 3"]));

        Assert.That(
            () => process.WaitUntilReadyAsync("The server", () => Task.FromResult(false), TimeSpan.FromSeconds(10)),
            Throws.InvalidOperationException.With.Message.EqualTo("The server ended with exit code 3 before it was ready:\ntold you"));
    }

    [Test]
    public async Task Process_that_never_gets_ready_times_out()
    {
        await using ChildProcess process = ChildProcess.Start(new ProcessStartInfo("/bin/cat"));

        Assert.That(
            () => process.WaitUntilReadyAsync("The server", () => Task.FromResult(false), TimeSpan.Zero),
            Throws.InstanceOf<TimeoutException>());
    }
}
