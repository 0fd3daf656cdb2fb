package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits, who is given what, and what subscribers are told: the same on the fake as on redis-server. */
@Tag("real-server")
class ClientsDifferentialTests {

    private static final int SEQUENCES = 50;
    private static final int STEPS = 40;

    private static final List<String> BLOCKING = List.of(
            "BLPOP {key} {timeout}",
            "BLPOP {key} {key} {timeout}",
            "BRPOP {key} {key} {key} {timeout}",
            "BLMOVE {key} {key} LEFT RIGHT {timeout}",
            "BLMOVE {key} {key} RIGHT LEFT {timeout}",
            "BLMOVE {key} {key} UP LEFT {timeout}",
            "BRPOPLPUSH {key} {key} {timeout}",
            "BLMPOP {timeout} 2 {key} {key} LEFT",
            "BLMPOP {timeout} 1 {key} RIGHT COUNT 2",
            "BLMPOP {timeout} 2 {key} LEFT COUNT 0",
            "BZPOPMIN {key} {timeout}",
            "BZPOPMAX {key} {key} {timeout}",
            "BZMPOP {timeout} 2 {key} {key} MAX COUNT 2",
            "BZMPOP {timeout} 1 {key} MIN");

    private static final List<String> OTHERS = List.of(
            "RPUSH {key} {value}",
            "RPUSH {key} {value} {value} {value}",
            "LPUSH {key} {value} {value}",
            "ZADD {key} 1 {value}",
            "ZADD {key} 1 {value} 0.1 {value} 3 {value}",
            "SADD {key} {value}",
            "SET {key} {value}",
            "DEL {key}",
            "DEL {key} {key} {key}",
            "RENAME {key} {key}",
            "COPY {key} {key} REPLACE",
            "LMOVE {key} {key} LEFT LEFT",
            "LPOP {key}",
            "ZPOPMIN {key}",
            "ZUNIONSTORE {key} 1 {key}",
            "ZRANGESTORE {key} {key} 0 -1",
            "LRANGE {key} 0 -1",
            "ZRANGE {key} 0 -1 WITHSCORES",
            "EXISTS a b c",
            "FLUSHDB",
            "MULTI",
            "MULTI",
            "EXEC",
            "EXEC",
            "EXEC",
            "DISCARD",
            "WATCH {key}",
            "PEXPIRE {key} 500",
            "SELECT {database}",
            "CLIENT UNBLOCK @id1",
            "CLIENT UNBLOCK @id2 ERROR",
            "CLIENT UNBLOCK @id3 TIMEOUT",
            "CLIENT UNBLOCK @id1 {value}",
            "CLIENT UNBLOCK {value} ERROR");

    private static final List<String> LISTENING = List.of(
            "SUBSCRIBE {channel}",
            "SUBSCRIBE {channel} {channel} {channel}",
            "PSUBSCRIBE {pattern}",
            "PSUBSCRIBE {pattern} {pattern}",
            "SSUBSCRIBE {channel} {channel}",
            "UNSUBSCRIBE {channel}",
            "UNSUBSCRIBE {channel} {channel}",
            "UNSUBSCRIBE",
            "PUNSUBSCRIBE {pattern}",
            "PUNSUBSCRIBE",
            "SUNSUBSCRIBE {channel}",
            "SUNSUBSCRIBE",
            "PING",
            "PING {value}",
            "PING {value} {value}",
            "RESET",
            "HELLO 2",
            "HELLO 3",
            "MULTI",
            "EXEC",
            "BLPOP {key} {timeout}",
            "SUBSCRIBE");

    private static final List<String> TELLING = List.of(
            "PUBLISH {channel} {value}",
            "PUBLISH {channel} {value}",
            "PUBLISH {channel} {value}",
            "SPUBLISH {channel} {value}",
            "PUBLISH {channel}",
            "PUBSUB CHANNELS",
            "PUBSUB CHANNELS {pattern}",
            "PUBSUB CHANNELS {pattern} {pattern}",
            "PUBSUB CHANNELS *",
            "PUBSUB NUMSUB {channel} {channel}",
            "PUBSUB NUMSUB",
            "PUBSUB NUMPAT",
            "PUBSUB SHARDCHANNELS",
            "PUBSUB SHARDNUMSUB {channel}",
            "PUBSUB {value}",
            "GET {key}",
            "RPUSH {key} {value}",
            "CLIENT {value}",
            "MULTI",
            "EXEC",
            "EXEC",
            "DISCARD",
            "ECHO {value}");

    private static final List<String> STARTING = List.of(
            "CLIENT TRACKING ON",
            "CLIENT TRACKING ON NOLOOP",
            "CLIENT TRACKING ON OPTIN",
            "CLIENT TRACKING ON OPTOUT",
            "CLIENT TRACKING ON BCAST",
            "CLIENT TRACKING ON BCAST NOLOOP",
            "CLIENT TRACKING ON BCAST PREFIX {prefix} PREFIX {prefix}",
            "CLIENT TRACKING ON REDIRECT @id1",
            "CLIENT TRACKING ON BCAST REDIRECT @id1",
            "CLIENT TRACKING ON REDIRECT {id} {tracking}",
            "CLIENT TRACKING ON {tracking} {tracking}",
            "SUBSCRIBE __redis__:invalidate");

    private static final List<String> CACHING = List.of(
            "CLIENT TRACKING OFF",
            "CLIENT TRACKING OFF {tracking}",
            "CLIENT TRACKING {value}",
            "CLIENT CACHING YES",
            "CLIENT CACHING YES",
            "CLIENT CACHING NO",
            "CLIENT CACHING NO",
            "CLIENT CACHING {value}",
            "CLIENT TRACKINGINFO",
            "CLIENT GETREDIR",
            "CLIENT ID {value}",
            "CLIENT",
            "SUBSCRIBE other",
            "UNSUBSCRIBE __redis__:invalidate",
            "PING",
            "HELLO 3",
            "HELLO {resp}",
            "GET {key}",
            "GET {key}",
            "GET {key}",
            "GET {key}",
            "GET {key}",
            "MGET {key} {key}",
            "MGET {key} {key}",
            "MGET {key} {key}",
            "SET {key} {value}",
            "SET {key} {value}",
            "FLUSHDB",
            "MULTI",
            "EXEC",
            "EXEC",
            "BLPOP {key} 0.1",
            "BZPOPMIN {key} 0.1",
            "BLMOVE {key} {key} LEFT LEFT 0.1");

    private static final List<String> CHANGING = List.of(
            "GET {key}",
            "GET {key}",
            "MGET {key} {key} {key}",
            "GETEX {key}",
            "LRANGE {key} 0 -1",
            "ZINTERCARD 2 {key} {key}",
            "ZINTERCARD 3 {key} {key}",
            "EXISTS {key}",
            "OBJECT ENCODING {key}",
            "SET {key} {value}",
            "SET {key} {value}",
            "MSET {key} {value} {key} {value}",
            "DEL {key} {key}",
            "GETDEL {key}",
            "APPEND {key} {value}",
            "RENAME {key} {key}",
            "COPY {key} {key} REPLACE",
            "RPUSH {key} {value}",
            "LPOP {key}",
            "LMOVE {key} {key} LEFT LEFT",
            "SADD {key} {value}",
            "SREM {key} {value} {value}",
            "SMOVE {key} {key} {value}",
            "SUNIONSTORE {key} {key} {key}",
            "ZADD {key} 1 {value}",
            "ZPOPMIN {key}",
            "ZREM {key} {value}",
            "HSET {key} {value} {value}",
            "HDEL {key} {value}",
            "PEXPIRE a 500",
            "PERSIST {key}",
            "SET a {value} PX 1000",
            "FLUSHDB",
            "FLUSHALL",
            "SELECT {database}",
            "MULTI",
            "MULTI",
            "EXEC",
            "EXEC",
            "EXEC",
            "DISCARD",
            "{value} {value}",
            "CLIENT REPLY {value}");

    private static RealRedis real;

    @BeforeAll
    static void startServer() {
        real = RealRedis.start();
    }

    @AfterAll
    static void stopServer() {
        real.close();
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void waitAsOnRedis(int protocol) throws InterruptedException {
        try (ClientsComparison comparison = new ClientsComparison(real, protocol)) {
            compare(comparison, protocol, SEQUENCES, random -> steps(random, BLOCKING, OTHERS));
            assertThat(comparison.ends).as("waits that ended").isGreaterThan(100);
        }
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void areToldWhatRedisTells(int protocol) throws InterruptedException {
        try (ClientsComparison comparison = new ClientsComparison(real, protocol)) {
            compare(comparison, protocol, SEQUENCES, random -> steps(random, LISTENING, TELLING));
        }
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void areToldOfChangesAsByRedis(int protocol) throws InterruptedException {
        try (ClientsComparison comparison = new ClientsComparison(real, protocol)) {
            compare(comparison, protocol, 3 * SEQUENCES, ClientsDifferentialTests::cachingSteps);
            assertThat(comparison.invalidations).as("invalidations").isGreaterThan(protocol == 2 ? 30 : 250);
        }
    }

    /** What chance seldom brings about. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 BLPOP a 0, 0 MULTI, 0 RPUSH a x, 0 LPOP a, 0 EXEC, 0 RPUSH a y",
                "1 BLPOP a b 0, 0 MULTI, 0 RPUSH b x, 0 RPUSH a y, 0 EXEC, 0 EXISTS a b",
                "1 BLMOVE a b LEFT LEFT 0, 2 BLMOVE b c LEFT LEFT 0, 3 BLPOP c 0, 0 RPUSH a x, 0 EXISTS a b c",
                "1 BLPOP a 0, 2 BLPOP a 0, 3 BLPOP a 0, 0 RPUSH a x y, 0 RPUSH a z",
                "1 BZPOPMIN a 0, 2 BLPOP a 0, 0 SADD a x, 0 DEL a, 0 RPUSH a x y, 0 DEL a, 0 ZADD a 1 m",
                "1 BZPOPMIN a 0, 0 SET a x, 0 ZADD b 1 m, 0 ZUNIONSTORE a 1 b, 0 ZADD a 0 n, 0 COPY b a REPLACE",
                "1 BLMOVE a b LEFT LEFT 0, 0 SET b x, 0 RPUSH a y, 0 LRANGE a 0 -1",
                "2 WATCH a, 1 BLPOP a 0, 0 RPUSH a x, 2 MULTI, 2 EXEC",
                "1 MULTI, 1 BLPOP a 0, 1 BLMOVE a b LEFT LEFT 0, 1 BZPOPMIN a 0, 1 BLMPOP 0 1 a LEFT, 1 EXEC",
                "1 BZMPOP 0 2 a a MIN COUNT 2, 0 ZADD a 1 x 2 y 3 z, 0 ZCARD a",
                "2 SUBSCRIBE __redis__:invalidate, 1 CLIENT TRACKING ON REDIRECT @id2, 1 GET a, 0 SET a x, 1 GET a,"
                        + " 0 CLIENT KILL ID @id2, 1 CLIENT TRACKINGINFO, 0 SET a y, 1 CLIENT TRACKINGINFO, 1 GET a,"
                        + " 0 SET a z, 0 FLUSHALL, 1 CLIENT GETREDIR, 1 CLIENT TRACKING ON, 1 CLIENT TRACKINGINFO",
                "3 HELLO 3, 3 PSUBSCRIBE __keyevent*, 3 CLIENT TRACKING ON, 3 MGET a b, 0 SET a x EX 9, 3 MGET a b,"
                        + " 0 RENAME a b, 3 MGET a b, 0 COPY b a, 3 MGET a b, 0 DEL a b, 3 MGET a b, 0 RPUSH a x y,"
                        + " 3 MGET a b, 0 LPOP a, 3 MGET a b, 0 LMOVE a b LEFT LEFT, 3 MGET a b, 0 LREM b 0 x",
                "3 HELLO 3, 3 PSUBSCRIBE __keyevent*, 3 CLIENT TRACKING ON, 3 MGET a b, 0 ZADD a 1 x 2 y, 3 MGET a b,"
                        + " 0 ZPOPMIN a, 3 MGET a b, 0 ZREM a y, 3 MGET a b, 0 SADD a x y, 3 MGET a b, 0 SREM a x,"
                        + " 3 MGET a b, 0 SPOP a, 3 MGET a b, 0 HSET a f v, 3 MGET a b, 0 HDEL a f, 3 MGET a b,"
                        + " 0 RPUSH a x y, 3 MGET a b, 0 LTRIM a 5 6, 3 MGET a b, 0 ZADD a 1 x,"
                        + " 3 MGET a b, 0 ZREMRANGEBYRANK a 0 -1, 3 MGET a b, 1 BLPOP a 0, 3 MGET a b, 0 RPUSH a x",
                "1 CLIENT TRACKING ON, 1 BLPOP a 0, 0 MULTI, 0 RPUSH a x y, 0 EXEC, 0 CLIENT TRACKING ON, 0 GET a,"
                        + " 2 BLPOP b 0, 0 MULTI, 0 RPUSH b x, 0 GET b, 0 EXEC, 0 CLIENT TRACKINGINFO, 1 SET b x",
                "1 CLIENT TRACKING ON BCAST, 1 MULTI, 1 FLUSHDB, 1 HELLO 3, 1 EXEC, 1 FLUSHALL, 0 FLUSHALL",
                "2 HELLO 2, 2 SUBSCRIBE __redis__:invalidate, 1 HELLO 3, 1 CLIENT TRACKING ON REDIRECT @id2, 0 FLUSHALL,"
                        + " 1 FLUSHALL, 1 GET a, 1 SET a x, 3 HELLO 3, 3 CLIENT TRACKING ON NOLOOP, 3 GET a, 3 SET a y",
                "1 BLPOP a 0, 0 CLIENT UNBLOCK @id1 X Y, 0 CLIENT UNBLOCK @id1 ERROR, 0 CLIENT UNBLOCK @id1 ERROR",
            })
    void doAsOnRedis(String script) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        for (String each : script.split(", ", -1)) {
            List<String> words = List.of(each.split(" ", -1));
            steps.add(Step.command(Integer.parseInt(words.get(0)), words.subList(1, words.size())));
        }
        for (int protocol : new int[] {2, 3}) {
            try (ClientsComparison comparison = new ClientsComparison(real, protocol)) {
                assertThat(comparison.difference(steps)).isNull();
            }
        }
    }

    private static void compare(
            ClientsComparison comparison, int protocol, int sequences, Function<Random, List<Step>> steps)
            throws InterruptedException {
        int firstSeed = Integer.getInteger("cacheproof.seed", 1);
        for (int seed = firstSeed; seed < firstSeed + sequences; seed++) {
            List<Step> all = steps.apply(new Random(seed));
            if (comparison.difference(all) != null) {
                List<Step> fewest = DifferentialTests.shrink(all, some -> difference(comparison, some) != null);
                throw new AssertionError("The fake differs from redis-server, RESP" + protocol + ", seed " + seed + "\n"
                        + fewest.stream().map(Step::toString).collect(Collectors.joining("\n")) + "\n"
                        + comparison.difference(fewest));
            }
        }
    }

    private static @Nullable String difference(ClientsComparison comparison, List<Step> steps) {
        try {
            return comparison.difference(steps);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first connection never waits, so that there is always somebody who brings something. */
    private static List<Step> steps(Random random, List<String> ofSome, List<String> ofAll) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(10) == 0) {
                steps.add(Step.pass(pick(random, List.of(1L, 499L, 500L, 501L, 1_000L, 1_001L))));
                continue;
            }
            int connection = random.nextInt(4);
            boolean blocks = connection > 0 && random.nextInt(3) > 0;
            steps.add(step(random, connection, blocks ? ofSome : ofAll));
        }
        return steps;
    }

    /** Begins with clients that want to be told of changes, and goes on with how they want to be told, too. */
    private static List<Step> cachingSteps(Random random) {
        List<Step> steps = steps(random, CACHING, CHANGING);
        // Where nobody is told in another's place, it is known where on a connection a message stands.
        boolean redirects = random.nextBoolean();
        List<String> starting = STARTING.stream()
                .filter(each -> redirects || !(each.contains("REDIRECT") || each.contains("{tracking}")))
                .toList();
        for (int i = 0; i < steps.size(); i++) {
            boolean starts = i < 6 || random.nextInt(30) == 0;
            if (starts && steps.get(i).connection() > 0) {
                steps.set(i, step(random, steps.get(i).connection(), starting));
            }
        }
        return steps;
    }

    private static Step step(Random random, int connection, List<String> forms) {
        return Step.command(
                connection,
                Stream.of(pick(random, forms).split(" ", -1))
                        .map(part -> fill(random, part))
                        .toList());
    }

    private static String fill(Random random, String part) {
        return switch (part) {
            case "{key}" -> pick(random, List.of("a", "b", "c"));
            case "{value}" -> pick(random, List.of("x", "y", "z"));
            case "{prefix}" -> pick(random, List.of("a", "b", "c", "ab", ""));
            case "{id}" -> pick(random, List.of("@id0", "@id1", "@id2", "@id3", "@id1", "0", "-1", "x", "99999"));
            case "{tracking}" ->
                pick(
                        random,
                        List.of("BCAST", "OPTIN", "OPTOUT", "NOLOOP", "NOLOOP", "PREFIX", "REDIRECT", "x", "bcast"));
            case "{channel}" -> pick(random, List.of("ab", "ab", "bc", "bd", ""));
            case "{pattern}" -> pick(random, List.of("a*", "b[cd]", "\\*"));
            case "{database}" -> pick(random, List.of("0", "0", "0", "1"));
            case "{resp}" -> pick(random, List.of("2", "3"));
            case "{timeout}" ->
                random.nextInt(8) == 0
                        ? pick(
                                random,
                                List.of("-1", "", "x", "-0", "-0.0001", "1e400", "inf", "nan", "9223372036854775"))
                        : pick(random, List.of("0", "0", "1", "0.5", "0.001", "0.0001", "1.5"));
            default -> part;
        };
    }

    private static <T> T pick(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
