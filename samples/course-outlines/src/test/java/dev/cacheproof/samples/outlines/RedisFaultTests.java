package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

@CacheIsolation(only = CacheIsolation.NONE) // its fake is its own
class RedisFaultTests {

    @Fake
    FakeRedis redis;

    @AutoClose
    UnifiedJedis client;

    @BeforeEach
    void connect() {
        client = InProcessJedis.client(redis);
    }

    @Test
    void failsAtTheCommandsThatAreNamed() {
        // tag::faults[]
        redis.faults().inject(Fault.error("OOM command not allowed").on("SET").nth(2));
        redis.faults().inject(Fault.lostDelete().onKeys("user:*").mustFire()); // fails the test if it never fires
        redis.faults().inject(Fault.reset().on("INCR").afterApplying().withProbability(0.1)); // report() tells the seed
        // end::faults[]

        client.set("user:1", "Ada");
        assertThatThrownBy(() -> client.set("user:1", "Bob")).hasMessage("OOM command not allowed");
        client.del("user:1");
        assertThat(client.get("user:1")).isEqualTo("Ada");
    }
}
