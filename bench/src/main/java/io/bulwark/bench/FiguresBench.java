package io.bulwark.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks, allocation counted, and prints one {@code FIGURE} line for each. Takes JMH's own arguments. */
public final class FiguresBench {
    private FiguresBench() {}

    /** @param arguments as of JMH: a pattern of names, {@code -p}, {@code -t} and so on */
    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        var given = new CommandLineOptions(arguments);
        var options = new OptionsBuilder()
                .parent(given)
                .addProfiler(GCProfiler.class)
                .forks(given.getForkCount().orElse(2))
                .warmupIterations(given.getWarmupIterations().orElse(3))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(2)))
                .measurementIterations(given.getMeasurementIterations().orElse(5))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(2)))
                .build();
        print(new Runner(options).run());
    }

    private static void print(Collection<RunResult> results) {
        for (var result : results) {
            var primary = result.getPrimaryResult();
            var threads = result.getParams().getThreads();
            var parameters = new TreeMap<String, String>();
            result.getParams()
                    .getParamsKeys()
                    .forEach(key -> parameters.put(key, result.getParams().getParam(key)));
            var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            System.out.printf(
                    Locale.ROOT,
                    "FIGURE %s %s: %.2f M/s per thread, %d threads, median of %d, +-%.0f %%, %.1f B/op%n",
                    result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
                    parameters,
                    primary.getStatistics().getPercentile(50) / threads / 1e6,
                    threads,
                    primary.getSampleCount(),
                    100 * primary.getStatistics().getStandardDeviation() / primary.getScore(),
                    allocated == null ? Double.NaN : allocated.getScore());
        }
    }
}
