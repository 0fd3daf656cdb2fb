package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

/** Scripts, where there is no redis-server to compare with; what they answer there, {@link ScriptDifferentialTests} compare. */
class ScriptTests {

    private FakeRedis redis;
    private Wire wire;

    @BeforeEach
    void start() {
        redis = FakeRedis.start();
        wire = new Wire(redis.port());
    }

    @AfterEach
    void stop() {
        wire.close();
        redis.close();
    }

    private String eval(String script) {
        return wire.ask("EVAL", script, "1", "key", "value");
    }

    @Test
    void runWithoutARealServerToo() {
        assertThat(eval("redis.call('set', KEYS[1], ARGV[1]) return redis.call('get', KEYS[1])"))
                .isEqualTo("$5\r\nvalue\r\n");
        assertThat(redis.get("key")).contains("value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os",
                "io",
                "luajava",
                "package",
                "require",
                "module",
                "debug",
                "dofile",
                "loadfile",
                "print",
                "getfenv",
                "setfenv",
                "newproxy",
                "java"
            })
    void seeNothingOfTheMachine(String name) {
        String missing = "nonexistent global variable '" + name + "'";
        assertThat(eval("return " + name)).contains(missing);
        assertThat(eval("return _G[ARGV[1] .. ''] or _G['" + name + "']")).contains("nonexistent global variable");
        assertThat(eval("return rawget(_G, '" + name + "')")).isEqualTo("$-1\r\n");
        assertThat(eval("return loadstring('return " + name + "')()")).contains(missing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_G.x = 1",
                "x = 1",
                "function x() end",
                "rawset(_G, 'x', 1)",
                "rawset(string, 'rep', 1)",
                "string.rep = nil",
                "redis.call = print",
                "setmetatable(_G, {})",
                "setmetatable(string, {})",
                "table.insert(redis, 1)",
                "table.sort(redis)",
                "table.remove(cjson)",
                "KEYS = nil"
            })
    void changeNothingForOtherScripts(String script) {
        assertThat(eval("pcall(function() " + script + " end) return {pcall(rawget, _G, 'x'), #KEYS, ('a'):rep(2)}"))
                .isEqualTo("*3\r\n:1\r\n:1\r\n$2\r\naa\r\n");
        assertThat(eval(script))
                .satisfiesAnyOf(
                        reply -> assertThat(reply).contains("Attempt to modify a readonly table"),
                        reply -> assertThat(reply).contains("nonexistent global variable 'print'"));
    }

    /** A program that is compiled already could do what no source can. */
    @Test
    void takeNoCompiledCode() {
        assertThat(eval("return string.dump(function() end)")).contains("unable to dump given function");
        for (String signature : List.of("\u001bLua", "\u001bLuaQ\0\1\4\4\4\10\0", "\u001bLuaR\0\1\4\4\4\10\0")) {
            assertThat(wire.ask("EVAL", signature, "0")).startsWith("-ERR Error compiling script");
            assertThat(wire.ask("EVAL", "return select(2, loadstring(ARGV[1]))", "0", signature))
                    .contains("unexpected symbol near 'char(27)'");
            assertThat(wire.ask(
                            "EVAL",
                            "local n = 0 return select(2, load(function() n = n + 1"
                                    + " if n == 1 then return ARGV[1] end end))",
                            "0",
                            signature))
                    .contains("unexpected symbol near 'char(27)'");
        }
    }

    @Test
    void refuseCoroutines() {
        assertThat(eval("return coroutine.wrap(function() end)"))
                .contains("coroutines are not in this fake yet, though redis-server 7.0 knows them");
    }

    private static final String ENDED =
            "-ERR The script was ended after 10000000 instructions: the fake waits no longer,"
                    + " where redis-server would, and answer BUSY to other clients\r\n";

    @Test
    void endAfterSoManyInstructions() {
        assertThat(eval("redis.call('set', KEYS[1], 'written') while true do end"))
                .isEqualTo(ENDED);
        assertThat(redis.get("key")).contains("written");
        assertThat(eval("return 1")).isEqualTo(":1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do pcall(function() while true do end end) end",
                "while true do redis.call('ping') end",
                "while true do cjson.decode(cjson.encode({1, 2, {a = 'b'}})) end",
                "while true do table.sort({5, 4, 3, 2, 1}) end",
                "while true do struct.unpack('i4', struct.pack('i4', 1)) end",
                "return string.find(string.rep('a', 40), string.rep('a*', 30) .. 'b')",
                "repeat until xpcall(function() while true do end end, function() end)",
                "local t = {} for i = 1, 1e9 do t[i] = i end",
                "return string.gsub(string.rep('x', 1e6), '', function() return string.rep('y', 1e6) end)",
                "return load(function() return ' ' end)",
                "local s = 'x' while true do s = #(s .. s) .. 'x' end"
            })
    void nothingOutrunsTheBudget(String script) {
        assertThat(eval(script)).startsWith("-ERR").containsAnyOf(ENDED, "more than the fake makes");
        assertThat(eval("return 1")).isEqualTo(":1\r\n");
    }

    @Test
    void makeNoStringLargerThanTheMachine() {
        assertThat(eval("return string.rep('x', 1e9)"))
                .contains("a string of 1000000000 bytes is more than the fake makes");
        assertThat(eval("local s = 'xx' for i = 1, 40 do s = s .. s end"))
                .contains("a string of 134217728 bytes is more than the fake makes");
    }

    @Test
    void needLuaj() throws Exception {
        URL[] classPath = Stream.of(
                        FakeRedis.class, ScriptsWithoutLuaj.class, TestClock.class, AssertionFailedError.class)
                .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Callable<?> asking = (Callable<?>) loader.loadClass(ScriptsWithoutLuaj.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThat(asking.call())
                    .isEqualTo("-ERR scripts need the optional dependency org.luaj:luaj-jse, which is not on the class"
                            + " path\r\n+PONG\r\n");
        }
    }

    @Test
    void sayWhichCommandIsNotInTheFakeYet() {
        assertThat(eval("return redis.call('xadd', 'stream', '*', 'a', 'b')"))
                .contains("XADD is not in this fake yet, though redis-server 7.0 knows it");
    }

    @Test
    void wakeWhoWaitsOnceTheyAreDone() {
        try (Wire waiting = new Wire(redis.port())) {
            waiting.send(Wire.encode(List.of("BLPOP", "key", "0")));
            Waiters.await(redis, 1);
            assertThat(eval("redis.call('rpush', KEYS[1], 'a', 'b') redis.call('lpop', KEYS[1])"
                            + " return redis.call('llen', KEYS[1])"))
                    .isEqualTo(":1\r\n");
            assertThat(waiting.reply()).isEqualTo("*2\r\n$3\r\nkey\r\n$1\r\nb\r\n");
        }
    }

    /** What no client notices strikes where the script reads or writes. */
    @Test
    void loseWhatFaultsLose() {
        redis.put("key", "old");
        redis.faults().begin(Condition.LOST_WRITES);
        assertThat(eval("redis.call('set', KEYS[1], 'new') redis.call('set', 'undeclared', 'x')"
                        + " return redis.call('get', KEYS[1])"))
                .isEqualTo("$3\r\nold\r\n");
        assertThat(redis.keys()).containsExactly("key");
        assertThat(eval("return redis.call('del', KEYS[1])")).isEqualTo(":1\r\n");
        assertThat(redis.keys()).isEmpty();
        redis.faults().clear();

        redis.put("key", "old");
        redis.faults().begin(Condition.LOST_DELETES);
        assertThat(eval("redis.call('del', KEYS[1]) redis.call('set', 'b', '1') return redis.call('exists', KEYS[1])"))
                .isEqualTo(":1\r\n");
        assertThat(redis.keys()).containsExactlyInAnyOrder("key", "b");
    }

    @Test
    void missWhatFaultsHide() {
        redis.put("key", "value");
        redis.put("other", "value");
        redis.faults().inject(Fault.falseMiss().on("EVAL").onKeys("k*"));
        assertThat(eval("return {redis.call('get', KEYS[1]) or 'none', redis.call('get', 'other')}"))
                .isEqualTo("*2\r\n$4\r\nnone\r\n$5\r\nvalue\r\n");
        redis.faults().clear();

        redis.faults().begin(Condition.STALE);
        eval("redis.call('set', KEYS[1], 'new')");
        assertThat(eval("return redis.call('get', KEYS[1])")).isEqualTo("$5\r\nvalue\r\n");
        redis.faults().clear();

        redis.faults().begin(Condition.EVICTING);
        eval("redis.call('set', KEYS[1], 'new')");
        assertThat(redis.keys()).containsExactly("other");
    }

    /** To a fault, a script is the command that the client has sent. */
    @Test
    void areStruckAsOneCommand() {
        redis.faults().inject(Fault.error("OOM out of memory").on("SET"));
        assertThat(eval("return redis.call('set', KEYS[1], 'x')")).isEqualTo("+OK\r\n");
        redis.faults().inject(Fault.error("OOM out of memory").on("EVAL"));
        assertThat(eval("return redis.call('set', KEYS[1], 'x')")).isEqualTo("-OOM out of memory\r\n");
    }

    @Test
    void knowNoScriptOfTheTestBefore() {
        String sha = wire.ask("SCRIPT", "LOAD", "return 1").substring(5, 45);
        assertThat(wire.ask("EVALSHA", sha, "0")).isEqualTo(":1\r\n");
        redis.renew();
        assertThat(wire.ask("EVALSHA", sha, "0")).isEqualTo("-NOSCRIPT No matching script. Please use EVAL.\r\n");
    }

    @Test
    void standStillInTime() {
        assertThat(eval("redis.call('set', KEYS[1], 'x', 'px', 1) for i = 1, 1e6 do end"
                        + " return redis.call('pttl', KEYS[1])"))
                .isEqualTo(":1\r\n");
        redis.clock().advance(Duration.ofSeconds(1));
        assertThat(redis.keys()).isEmpty();
    }
}
