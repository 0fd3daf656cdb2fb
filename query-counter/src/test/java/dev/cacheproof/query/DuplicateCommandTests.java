package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertNoDuplicates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.SetParams;

/** What cache servers are asked for twice. */
@ResourceLock("unattributed queries")
class DuplicateCommandTests {

    private final RunningTest test =
            RunningTest.undeclared("asked twice " + hashCode(), "asked twice", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("asked twice").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.builder().name("shop redis").start();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));

    DuplicateCommandTests() {
        redis.clock().freeze();
        jedis.rpush("list", "1");
    }

    @AfterEach
    void close() {
        jedis.close();
    }

    /** Commands that leave an entry as it was. */
    enum Elsewhere {
        A_WRITE_OF_ANOTHER_KEY {
            @Override
            void happen(FakeRedis redis, Jedis jedis) {
                jedis.set("b", "1");
            }
        },
        A_WRITE_THAT_DID_NOTHING {
            @Override
            void happen(FakeRedis redis, Jedis jedis) {
                jedis.set("a", "1", SetParams.setParams().xx());
                jedis.del("a");
            }
        },
        A_MESSAGE {
            @Override
            void happen(FakeRedis redis, Jedis jedis) {
                jedis.publish("news", "a");
            }
        },
        A_COMMAND_THAT_IS_REFUSED {
            @Override
            void happen(FakeRedis redis, Jedis jedis) {
                assertThatThrownBy(() -> jedis.incr("list")).isInstanceOf(JedisDataException.class);
            }
        },
        A_COMMAND_THAT_NEVER_ARRIVES {
            @Override
            void happen(FakeRedis redis, Jedis jedis) {
                redis.faults().inject(Fault.error("OOM").on("SET").first(1));
                assertThatThrownBy(() -> jedis.set("a", "1")).isInstanceOf(JedisException.class);
            }
        };

        abstract void happen(FakeRedis redis, Jedis jedis);
    }

    @ParameterizedTest
    @EnumSource
    void whatLeavesAnEntryAsItWasHidesNone(Elsewhere between) {
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    jedis.get("a");
                    between.happen(redis, jedis);
                    jedis.get("a");
                })))
                .contains("there is one", "2x GET a   on shop redis");
    }

    @Test
    void whatIsReadAnewAfterItMayHaveChangedIsNone() {
        assertNoDuplicates(() -> {
            jedis.mget("a", "b");
            jedis.set("b", "1", SetParams.setParams().ex(60));
            jedis.mget("a", "b");
            jedis.ttl("b");
            jedis.persist("b");
            jedis.ttl("b");
            jedis.hget("h", "f");
            try (Transaction transaction = jedis.multi()) {
                transaction.hset("h", "g", "1");
                transaction.exec();
            }
            jedis.hget("h", "f");
            jedis.get("none");
            jedis.flushAll();
            jedis.get("none");
        });
    }

    @Test
    void whatHasGoneInBetweenIsNone() {
        jedis.set("a", "1", SetParams.setParams().ex(60));

        assertNoDuplicates(() -> {
            jedis.get("a");
            redis.clock().advance(Duration.ofMinutes(2));
            jedis.get("a");
        });
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    jedis.get("a");
                    jedis.get("a");
                })))
                .contains("there is one");
    }

    @Test
    void aCommandThatAlsoChangesWhatItReadsIsNoQuestion() {
        assertNoDuplicates(() -> {
            jedis.get("a");
            jedis.set("s", "1");
            jedis.getEx("s", GetExParams.getExParams().ex(60));
            redis.clock().advance(Duration.ofSeconds(1));
            jedis.getEx("s", GetExParams.getExParams().ex(60));
            jedis.sadd("set", "1", "2");
            jedis.srandmember("set");
            jedis.srandmember("set");
        });
    }

    @Test
    void whatIsReadInATransactionIsNoQuestion() {
        assertNoDuplicates(() -> {
            for (String field : new String[] {"f", "g"}) {
                try (Transaction transaction = jedis.multi()) {
                    transaction.hget("h", field);
                    transaction.exec();
                }
            }
        });
    }

    @Test
    void entriesOfAnotherDatabaseAreOthers() {
        assertNoDuplicates(() -> {
            jedis.get("a");
            jedis.select(1);
            jedis.get("a");
        });
    }

    @Test
    void whatAnotherClientMayHaveChangedIsNone() {
        try (FakeRedis nobodys = CompletableFuture.supplyAsync(FakeRedis::start).join();
                Jedis own = new Jedis(InProcessJedis.of(nobodys));
                Jedis other = new Jedis(nobodys.host(), nobodys.port())) {
            assertNoDuplicates(() -> {
                own.get("a");
                other.set("a", "1");
                own.set("b", "1");
                own.del("a");
                own.get("a");
            });
        }
    }

    @Test
    void whatIsNotShownStillDiffers() {
        Settings masked =
                Settings.resolve(name -> Optional.of("masked").filter(values -> name.equals("cacheproof.values")));
        try (Scope inMasked = Scope.named("masked")
                .root()
                .test(RunningTest.undeclared("masked", "masked", new Object(), masked))
                .open()) {
            assertThat(inMasked.isClosed()).isFalse();
            assertNoDuplicates(() -> {
                jedis.hget("h", "Aa");
                jedis.hget("h", "BB");
            });
        }
    }
}
