package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class RedisServerTests {

    /** It has no scan over all of its nodes. */
    @Test
    void looksAtNoKeyOfACluster() {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisClusterConfiguration().clusterNode("cache.example", 6379));

        RedisServer cluster = RedisServer.of(factory, List.of());

        assertThat(cluster.description()).isEqualTo("a Redis cluster");
        assertThat(cluster.view("ours:").keys()).isEmpty();
    }
}
