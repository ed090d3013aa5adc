using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

// Without a job on the command line, the short one: figures within a minute or two, good enough to see a change.
bool hasJob = args.Any(a => a is "--job" or "-j");
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, hasJob ? null : DefaultConfig.Instance.AddJob(Job.ShortRun));
