package dev.cacheproof.benchmarks;

import com.github.fppt.jedismock.RedisServer;
import dev.cacheproof.fake.redis.FakeRedis;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A server is started, so that it accepts connections, and stopped. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class RedisStartBenchmark {

    /** Which one. */
    public enum Setting implements Row {
        FAKE("FakeRedis, start and stop"),
        JEDIS_MOCK("jedis-mock, start and stop");

        private final String label;

        Setting(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public boolean isBaseline() {
            return this == FAKE;
        }
    }

    /** What is measured. */
    @Param
    public Setting setting;

    /**
     * Starts and stops once.
     *
     * @throws IOException if that fails
     */
    @Benchmark
    public void startAndStop() throws IOException {
        if (setting == Setting.FAKE) {
            FakeRedis.start().close();
        } else {
            RedisServer.newRedisServer().start().stop();
        }
    }

    /**
     * Prints how long the very first start takes in this JVM, in milliseconds.
     *
     * @param args none
     */
    public static void main(String[] args) {
        long start = System.nanoTime();
        FakeRedis fake = FakeRedis.start();
        System.out.printf("The first start in a new JVM: %.1f ms%n", (System.nanoTime() - start) / 1e6);
        fake.close();
    }
}
