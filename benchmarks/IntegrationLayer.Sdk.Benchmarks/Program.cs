using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// Without a job on the command line, the short one in this process: figures within a minute or two, good enough to see a change.
bool hasJob = args.Any(a => a is "--job" or "-j" or "-i" or "--inProcess");
IConfig? config = hasJob ? null : DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
