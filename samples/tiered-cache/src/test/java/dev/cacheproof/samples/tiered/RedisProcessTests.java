package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisProcessTests {

    @Test
    void takesTheAddressThatIsGiven() {
        try (RedisProcess process = RedisProcess.resolve("redis.test:6380", "")) {
            assertThat(process.address()).hasToString("redis.test:6380");
        }
    }

    @Test
    void saysWhatToDoWhereThereIsNoServer(@TempDir Path empty) {
        assertThatThrownBy(() -> RedisProcess.resolve(null, empty.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("""
                        These tests need a Redis server, and never skip. Do one of these:
                          install one on the PATH (Debian: apt-get install redis-server; macOS: brew install redis)
                          name one that runs: -Dtiered.redis=localhost:6379 (they touch only keys that begin with tiered-test-)""");
    }
}
