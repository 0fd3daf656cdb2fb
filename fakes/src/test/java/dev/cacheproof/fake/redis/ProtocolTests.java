package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that no client library sends is answered as redis-server answers it, and the fake lives. */
@Tag("real-server")
class ProtocolTests {

    /** What requests are made of, and what they are not. */
    private static final List<String> SCRAPS = List.of(
            "*1\r\n",
            "*2\r\n",
            "*-1\r\n",
            "*",
            "$4\r\n",
            "$3\r\n",
            "$1\r\n",
            "$0\r\n",
            "$-1\r\n",
            "$",
            "9",
            "\r\n",
            "\n",
            "\r",
            " ",
            "PING",
            "GET",
            "k",
            "*1\r\n$4\r\nPING\r\n",
            "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
            "PING\r\n",
            "\"",
            "'",
            "\\x4",
            "\u0000",
            "\u00ff",
            "+OK\r\n",
            "-");

    private static RealRedis real;
    private static FakeRedis fake;

    @BeforeAll
    static void startServers() {
        real = RealRedis.start();
        fake = FakeRedis.start();
    }

    @AfterAll
    static void stopServers() {
        fake.close();
        real.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING\r\n",
                "PING\n",
                "\r\n\r\nPING\r\n",
                "  echo   \"a \\x41\\n\\\"b\"  \r\n",
                "echo 'it\\'s'\r\n",
                "echo \"open\r\n",
                "echo \"a\"b\r\n",
                "set in-line \u00e9\r\nget in-line\r\n",
                "no such command\r\n",
                "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n",
                "*0\r\nPING\r\n",
                "*-5\r\nPING\r\n",
                "*x\r\n",
                "*99999999999\r\n",
                "*1\r\nPING\r\n",
                "*1\r\n:4\r\n",
                "*1\r\n\u00e9",
                "*1\r\n\u00e9\r\n",
                "*1\r\n$-1\r\n",
                "*1\r\n$x\r\n",
                "*1\r\n$536870913\r\n",
                "*2\r\n$4\r\nECHO\r\n$5\r\nhello",
                "*2\r\n$4\r\nECHO\r\n$5\r\nhelloXYPING\r\n",
                "*1\r\n$4\r\nQUIT\r\nPING\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
                "Host: x\r\n",
                "*1\r\n$0\r\n\r\n",
                "echo a\u0000b\r\nPING\r\n",
                "*1\u0000\r\n$4\r\nPING\r\n",
                "*2\r\n$3\r\nGET\r\n$0\r\n\r\n",
                "*2\r\n$8\r\nno\u0000thing\r\n$3\r\na\nb\r\n",
                "unknown one-hundred-and-twenty-eight-characters-are-told-in-all"
                        + " with-all-the-quotes-and-blanks-up-to-the-very-last-one-of-them-as-must-be-and-no-more\r\n",
                "*3\r\n$7\r\nunknown\r\n$3\r\na'b\r\n$1\r\nc\r\n",
                "COMMAND COUNT x\r\nCOMMAND DOCS no-such\r\nCOMMAND INFO no-such\r\n",
                "SET n 5\r\nCOPY n m\r\nOBJECT REFCOUNT n\r\nOBJECT REFCOUNT m\r\nOBJECT REFCOUNT none\r\n",
                "FLUSHALL\r\nRANDOMKEY\r\nSET k v\r\nRANDOMKEY\r\nDEL k\r\n",
                "SET dead v EXAT 1\r\nGET dead\r\nTTL dead\r\n",
                "CLIENT REPLY SKIP\r\nPING\r\nECHO here\r\n",
                "CLIENT REPLY OFF\r\nPING\r\nCLIENT REPLY ON\r\n",
                "INCRBYFLOAT f 1e400\r\nDEL f\r\n"
            })
    void answersAsRedisDoes(String input) {
        assertThat(answer(fake.port(), input)).isEqualTo(answer(real.port(), input));
        assertThat(answer(fake.port(), "PING\r\n")).isEqualTo("+PONG\r\n(closed)");
    }

    @Test
    void answersGarbageAsRedisDoes() {
        Random random = new Random(Integer.getInteger("cacheproof.seed", 1));
        for (int i = 0; i < 1_000; i++) {
            String input = random.ints(1 + random.nextInt(12), 0, SCRAPS.size())
                    .mapToObj(SCRAPS::get)
                    .collect(Collectors.joining());
            assertThat(answer(fake.port(), input)).as(Step.quoted(input)).isEqualTo(answer(real.port(), input));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET k",
                "GET none",
                "MGET k none none",
                "EXISTS k none k",
                "GETDEL k",
                "GETDEL none",
                "GETEX k",
                "GETEX none EX 5",
                "GETSET k v",
                "GETSET none v",
                "SET k v GET",
                "SET none v GET",
                "SET k v NX",
                "SETNX k v",
                "STRLEN k",
                "STRLEN none",
                "GETRANGE none 0 1",
                "APPEND k v",
                "SETRANGE none 0 v",
                "INCR none",
                "INCRBYFLOAT none 1",
                "TTL k",
                "PTTL none",
                "EXPIRETIME none",
                "EXPIRE k 5",
                "EXPIRE none 5",
                "PERSIST k",
                "TYPE k",
                "TYPE none",
                "TOUCH k none",
                "DEL k none",
                "UNLINK none",
                "COPY k none",
                "COPY none k",
                "RENAME k none",
                "RENAMENX none k",
                "OBJECT ENCODING k",
                "OBJECT ENCODING none",
                "MSET k v none v",
                "MSETNX k v none v",
                "KEYS *",
                "SCAN 0",
                "DBSIZE",
                "GET h",
                "MGET h k none",
                "SET h v GET",
                "HGET h f",
                "HGET h none",
                "HGET none f",
                "HGET k f",
                "HMGET h f none",
                "HGETALL h",
                "HLEN none",
                "HKEYS none",
                "HVALS h",
                "HSTRLEN h f",
                "HEXISTS h none",
                "HSET h f v",
                "HSETNX h f v",
                "HDEL h f",
                "HDEL none f",
                "HINCRBY none f 1",
                "HINCRBYFLOAT h g 1",
                "HRANDFIELD h",
                "HRANDFIELD none 2",
                "HSCAN h 0",
                "HSCAN none 0",
                "SADD s m",
                "SREM s none",
                "SMOVE s none m",
                "SMOVE none s m",
                "SCARD s",
                "SISMEMBER s none",
                "SMISMEMBER none m",
                "SMEMBERS none",
                "SMEMBERS h",
                "SPOP s",
                "SPOP none 2",
                "SRANDMEMBER s",
                "SRANDMEMBER none 2",
                "SSCAN s 0",
                "SINTER s none s",
                "SINTER none h s",
                "SUNION s none",
                "SDIFF none s",
                "SINTERSTORE s s none",
                "SUNIONSTORE none s",
                "SDIFFSTORE s s",
                "SINTERCARD 2 s none"
            })
    void countsHitsAndMissesAsRedisDoes(String command) {
        assertThat(hitsAndMisses(fake.port(), command)).isEqualTo(hitsAndMisses(real.port(), command));
    }

    private static String hitsAndMisses(int port, String command) {
        try (Wire wire = new Wire(port)) {
            wire.ask("FLUSHALL");
            wire.ask("SET", "k", "v");
            wire.ask("HSET", "h", "f", "v");
            wire.ask("SADD", "s", "m");
            wire.ask("CONFIG", "RESETSTAT");
            wire.ask(command.split(" "));
            return wire.ask("INFO", "stats")
                    .lines()
                    .filter(line -> line.startsWith("keyspace_"))
                    .toList()
                    .toString();
        }
    }

    @Test
    void refusesLongInputAsRedisDoes() {
        for (String start : new String[] {"", "*", "*1\r\n$"}) {
            String input = start + "1".repeat(70_000);
            assertThat(answer(fake.port(), input)).isEqualTo(answer(real.port(), input));
        }
    }

    @Test
    void waitsForTheRestOfWhatIsHalfSent() {
        String request = "*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$5\r\nvalue\r\n*2\r\n$3\r\nGET\r\n$4\r\nhalf\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            try (Wire wire = new Wire(fake.port())) {
                wire.send(request.substring(0, cut));
                wire.send(request.substring(cut));

                assertThat(wire.reply() + wire.reply()).isEqualTo("+OK\r\n$5\r\nvalue\r\n");
            }
        }
    }

    @Test
    void letsNobodySendMuchBeforeThePassword() {
        try (FakeRedis locked = FakeRedis.builder().password("secret").start()) {
            assertThat(answer(locked.port(), "*11\r\n"))
                    .isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n(closed)");
            assertThat(answer(locked.port(), "*1\r\n$16385\r\n"))
                    .isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n(closed)");
        }
    }

    /** Returns everything that the server says until it, or the end of the input, ends the connection. */
    private static String answer(int port, String input) {
        try (Wire wire = new Wire(port)) {
            wire.send(input);
            wire.endOutput();
            StringBuilder answer = new StringBuilder();
            String reply;
            do {
                reply = wire.reply();
                answer.append(reply);
            } while (!reply.endsWith("(closed)"));
            return answer.toString();
        }
    }
}
