package dev.cacheproof.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs all benchmarks in one go, and prints a table for people. */
public final class Benchmarks {

    /** Many and short, so that the median leaves out those in which the machine had other work. */
    private static final int ITERATIONS = 20;

    private static final PrintStream OUT = System.out;

    private final TimeValue iteration;
    private final TimeValue warmUp;

    private Benchmarks(int seconds) {
        this.iteration = TimeValue.milliseconds(seconds * 1_000L / ITERATIONS);
        this.warmUp = TimeValue.milliseconds(seconds * 600L / ITERATIONS);
    }

    /**
     * Runs the benchmarks.
     *
     * @param args the seconds for which each line of the table is measured; 5 unless given
     * @throws RunnerException if a benchmark fails
     * @throws IOException if a JVM cannot be started
     */
    public static void main(String[] args) throws RunnerException, IOException {
        int seconds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        if (seconds < 1) {
            throw new IllegalArgumentException("seconds must be at least 1, but is " + seconds);
        }
        Benchmarks benchmarks = new Benchmarks(seconds);
        OUT.println("Nanoseconds per operation on Java " + Runtime.version().feature() + ".");
        benchmarks.run(
                "A query on H2: connection from the pool, 2 parameters, execute, read, close",
                CountedQueryBenchmark.class,
                CountedQueryBenchmark.Setting.values());
        benchmarks.run(
                "A reset: an entry is put into each cache, then all are made cold",
                CacheResetBenchmark.class,
                CacheResetBenchmark.Setting.values());
        benchmarks.run(
                "A GET by one connection of Jedis",
                RedisCommandBenchmark.class,
                RedisCommandBenchmark.Setting.values());
        benchmarks.run(
                "A server is started and stopped", RedisStartBenchmark.class, RedisStartBenchmark.Setting.values());
        SpringStartBenchmark.run();
        SpringTestBenchmark.run();
    }

    private <R extends Enum<R> & Row> void run(String title, Class<?> benchmark, R[] rows) throws RunnerException {
        Table table = Table.of(title);
        for (R row : rows) {
            table.print(row, measure(benchmark, row));
        }
    }

    private Statistics measure(Class<?> benchmark, Enum<?> row) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(benchmark.getName() + "\\.")
                        .param("setting", row.name())
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .forks(1)
                        .warmupIterations(ITERATIONS)
                        .warmupTime(warmUp)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(iteration)
                        .build())
                .runSingle()
                .getPrimaryResult()
                .getStatistics();
    }
}
