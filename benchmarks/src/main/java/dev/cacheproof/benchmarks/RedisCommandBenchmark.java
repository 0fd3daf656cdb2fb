package dev.cacheproof.benchmarks;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.servers.RedisServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import redis.clients.jedis.Jedis;

/** One connection of Jedis asks for a value and waits for it, again and again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class RedisCommandBenchmark {

    /** Who answers. */
    public enum Setting implements Row {
        REDIS_SERVER("redis-server"),
        FAKE("FakeRedis"),
        JEDIS_MOCK("jedis-mock"),
        FAKE_COUNTED("FakeRedis, counted"),
        IN_PROCESS("FakeRedis, in process"),
        IN_PROCESS_COUNTED("FakeRedis, in process, counted"),
        IN_PROCESS_CALL_SITES("FakeRedis, in process, with call sites");

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
            return this == REDIS_SERVER;
        }
    }

    /** What is measured. */
    @Param
    public Setting setting;

    private AutoCloseable server;
    private Jedis jedis;
    private dev.cacheproof.@Nullable Scope scope;

    /**
     * Starts the server and connects to it.
     *
     * @throws IOException if there is no server to start
     */
    @Setup
    public void start() throws IOException {
        switch (setting) {
            case REDIS_SERVER -> {
                RedisServer redis = RedisServer.startInstalled(Map.of());
                server = redis;
                jedis = new Jedis(redis.uri());
            }
            case JEDIS_MOCK -> {
                com.github.fppt.jedismock.RedisServer mock =
                        com.github.fppt.jedismock.RedisServer.newRedisServer().start();
                server = mock::stop;
                jedis = new Jedis(mock.getHost(), mock.getBindPort());
            }
            default -> {
                openScope();
                FakeRedis fake = FakeRedis.start();
                server = fake;
                jedis = setting == Setting.FAKE || setting == Setting.FAKE_COUNTED
                        ? new Jedis(fake.host(), fake.port())
                        : new Jedis(InProcessJedis.of(fake));
            }
        }
        jedis.set("key", "value");
    }

    /** The commands of a test are counted by its scope; those of no test are not. */
    private void openScope() {
        if (setting == Setting.FAKE || setting == Setting.IN_PROCESS) {
            return;
        }
        RunningTest test = RunningTest.undeclared("benchmark", "benchmark", this, Settings.current());
        dev.cacheproof.Scope.Builder builder =
                dev.cacheproof.Scope.named("benchmark").root().test(test);
        scope = (setting == Setting.IN_PROCESS_CALL_SITES ? builder.callSites() : builder).open();
    }

    /**
     * Stops both.
     *
     * @throws Exception if the server does not stop
     */
    @TearDown
    public void stop() throws Exception {
        jedis.close();
        server.close();
        if (scope != null) {
            scope.close();
        }
    }

    /**
     * Asks once.
     *
     * @return the value
     */
    @Benchmark
    public String get() {
        return jedis.get("key");
    }
}
