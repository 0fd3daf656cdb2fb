package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.allowingRepeatsOf;
import static dev.cacheproof.query.QueryAssertions.assertNoNPlusOne;
import static dev.cacheproof.query.QueryAssertions.scale;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** What two amounts of data cost. */
@ResourceLock("unattributed queries")
class SlopeTests {

    private final RunningTest test =
            RunningTest.undeclared("slope " + hashCode(), "slope", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("slope").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.start();

    @AutoClose
    final Database db = new Database();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));

    @AfterEach
    void close() {
        jedis.close();
    }

    private void inOnePipeline(int n, String... commands) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 1; i <= n; i++) {
                for (String command : commands) {
                    if (command.equals("GET")) {
                        pipeline.get("flag:" + i);
                    } else {
                        pipeline.hgetAll("user:" + i);
                    }
                }
            }
            pipeline.sync();
        }
    }

    @Test
    void whatIsSentTogetherIsAskedOnce() {
        assertNoNPlusOne(scale(1, 10), n -> inOnePipeline(n, "GET"));
        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 3), n -> {
                    for (int page = 1; page <= n; page++) {
                        inOnePipeline(10, "GET");
                    }
                })))
                .contains("they grow: 1 for 1, 3 for 3", "30x GET flag:#", "grows by  1 for each");
    }

    @Test
    void takesOffARoundTripOnlyWhereAllOfItIsAllowed() {
        ScaledBlock mixed = n -> {
            for (int page = 1; page <= n; page++) {
                inOnePipeline(1, "GET", "HGETALL");
            }
        };

        assertThat(textOf(() -> allowingRepeatsOf("GET flag:#").assertNoNPlusOne(scale(1, 3), mixed)))
                .contains("they grow: 1 for 1, 3 for 3", "3x HGETALL user:1")
                .doesNotContain("x GET flag");
        allowingRepeatsOf("GET flag:#").allowingRepeatsOf("HGETALL user:#").assertNoNPlusOne(scale(1, 3), mixed);
        allowingRepeatsOf("GET flag:#").assertNoNPlusOne(scale(1, 3), n -> {
            for (int page = 1; page <= n; page++) {
                inOnePipeline(5, "GET");
            }
        });
    }

    @Test
    void doesNotLetTheFirstRunPayForTheSecond() {
        Map<String, String> unknown = new ConcurrentHashMap<>();
        List<String> ran = new ArrayList<>();

        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 3).preparing(n -> ran.add("prepare " + n)), n -> {
                    ran.add("run " + n);
                    unknown.computeIfAbsent("settings", any -> db.name(1) + db.name(2) + db.name(3));
                    for (int id = 1; id <= n; id++) {
                        db.name(id);
                    }
                })))
                .contains("they grow: 1 for 1, 3 for 3");
        assertThat(ran).containsExactly("prepare 1", "run 1", "prepare 1", "run 1", "prepare 3", "run 3");
    }

    @Test
    void twoRunsThatAskNothingShowNothing() {
        Map<Integer, String> unknown = new ConcurrentHashMap<>();
        int block = here() + 1;
        String text = textOf(() -> assertNoNPlusOne(scale(1, 3), n -> unknown.computeIfAbsent(1, db::name)));

        assertThat(text.replaceAll("(?m)^(  watched  ).*$", "$1...")).isEqualTo("""
                Expected no more round trips for 3 than for 1, but the block at (SlopeTests.java:%d) asked no database and no cache server for anything, which shows nothing

                  watched  ...

                  What to do: let the block ask: make the caches cold before, and give the code under test what is watched.""".formatted(block));
    }

    @Test
    void doesNotBelieveThatMoreCostsLess() {
        Map<Integer, String> unknown = new ConcurrentHashMap<>();
        int block = here() + 2;
        String text =
                textOf(() -> QueryAssertions.on(db.source()).because("a page").assertNoNPlusOne(scale(1, 3), n -> {
                    if (n == 3 && unknown.isEmpty()) {
                        unknown.put(3, "c");
                    } else {
                        db.name(n);
                    }
                    db.names("select id from item where id <= ?", n);
                }));

        assertThat(text).isEqualTo("""
                Expected as many round trips for 3 as for 1 in the block at (SlopeTests.java:%d), but 3 cost less, which shows nothing: 2 for 1, 1 for 3

                  1x select name from item where id = ?   on %s
                     values [1]
                     at %s

                  because  a page

                  What to do: find out what has answered: a cache that is not registered, or a preparation after which there is less to ask for.""".formatted(
                        block, db.name(), text.replaceAll("(?s).*values \\[1\\]\n +at ([^\n]*).*", "$1")));
    }

    @Test
    void takesNoteOfWhatIsAllowedLineByLine() {
        ScaledBlock block = n -> {
            for (int id = 1; id <= n; id++) {
                audited(id);
                db.name(id);
            }
        };

        assertThat(textOf(() -> allowingRepeatsOf("*SlopeTests.audited(*").assertNoNPlusOne(scale(1, 3), block)))
                .contains("they grow: 1 for 1, 3 for 3");
    }

    private void audited(int id) {
        db.name(id);
    }
}
