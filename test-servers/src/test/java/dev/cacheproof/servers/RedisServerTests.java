package dev.cacheproof.servers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisServerTests {

    @TempDir
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    private Path folder;

    private static @Nullable String unset(String property) {
        return null;
    }

    private static Function<String, @Nullable String> property(String name, String value) {
        return asked -> name.equals(asked) ? value : null;
    }

    /** Writes something that is started in the place of a redis-server. */
    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private static String ask(URI server, String command) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        }
    }

    @Test
    void findsAServerOnThisMachine() throws IOException {
        try (RedisServer server = RedisServer.resolve()) {
            assertThat(ask(server.uri(), "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void startsTheBinaryFromMavenWhereNothingIsInstalled() throws IOException {
        RedisServer server = RedisServer.resolve(RedisServerTests::unset, null);
        Path directory = server.process().directory();
        try (server) {
            assertThat(server.isOwn()).isTrue();
            assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
            assertThat(ask(server.uri(), "PING")).isEqualTo("+PONG");
            assertThat(directory).isNotEmptyDirectory();
        }
        assertThat(directory).doesNotExist();
        assertThat(ProcessHandle.of(server.process().pid())).isEmpty();
        server.close();
    }

    @Test
    void startsWhatIsOnThePath() throws IOException {
        Path carried = RedisExecutable.CARRIED.file(folder);
        script("redis-server", "exec '" + carried + "' \"$@\" --requirepass \"$WORD\"");
        String path = "/no/such/folder" + File.pathSeparator + folder;

        try (RedisServer resolved = RedisServer.resolve(RedisServerTests::unset, path);
                RedisServer installed =
                        RedisServer.startInstalled(RedisServerTests::unset, path, Map.of("WORD", "secret"))) {
            assertThat(ask(resolved.uri(), "PING")).isEqualTo("+PONG");
            assertThat(ask(installed.uri(), "PING")).startsWith("-NOAUTH");
            assertThat(resolved.process().directory()).isEmptyDirectory();
        }
    }

    @Test
    void startsTheFileThatIsGiven() throws IOException {
        Path carried = RedisExecutable.CARRIED.file(folder);
        Function<String, @Nullable String> file = property("cacheproof.redis-server", carried.toString());

        try (RedisServer resolved = RedisServer.resolve(file, "");
                RedisServer installed = RedisServer.startInstalled(file, null, Map.of())) {
            assertThat(ask(resolved.uri(), "PING")).isEqualTo("+PONG");
            assertThat(ask(installed.uri(), "PING")).isEqualTo("+PONG");
            assertThat(resolved.process().directory()).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s:%d", "redis://%s:%d", "redis://ada:secret@%s:%d/3"})
    void leavesTheServerOfAnAddressAlone(String form) throws IOException {
        try (RedisServer other = RedisServer.resolve(RedisServerTests::unset, null)) {
            String address = form.formatted("127.0.0.1", other.uri().getPort());
            RedisServer server = RedisServer.resolve(property("cacheproof.redis", address), null);
            server.close();

            assertThat(server.isOwn()).isFalse();
            assertThat(server.uri().toString()).endsWith(address);
            assertThat(server)
                    .hasToString("RedisServer(127.0.0.1:" + other.uri().getPort() + ")");
            assertThat(ask(other.uri(), "PING")).isEqualTo("+PONG");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "garbage", "localhost:", "localhost:0", "localhost:65536", "http://localhost:80", "a b:1"})
    void refusesAnAddressThatIsNone(String address) {
        assertThatThrownBy(() -> RedisServer.resolve(property("cacheproof.redis", address), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cacheproof.redis must be host:port or redis://[user:password@]host:port, but is \""
                        + address + "\"");
    }

    @Test
    void showsNoPassword() {
        assertThatThrownBy(() -> RedisServer.resolve(property("cacheproof.redis", "redis://ada:sec%ret@host"), null))
                .hasMessageEndingWith("but is \"redis://...@host\"")
                .hasNoCause();
    }

    @Test
    void namesAnAddressWhereNothingAnswers() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String address = "127.0.0.1:" + closed;
        assertThatThrownBy(() -> RedisServer.resolve(property("cacheproof.redis", address), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Nothing answers at " + address + ", the address in cacheproof.redis");
    }

    @Test
    void refusesAFileThatCannotBeStarted() throws IOException {
        Path text = Files.writeString(folder.resolve("notes"), "no program");
        for (String file : List.of(text.toString(), folder.toString(), "/no/such/file", "\0")) {
            Function<String, @Nullable String> given = property("cacheproof.redis-server", file);
            String refusal = "cacheproof.redis-server must be an executable file, but is \"" + file + "\"";
            assertThatThrownBy(() -> RedisServer.resolve(given, System.getenv("PATH")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(refusal);
            assertThatThrownBy(() -> RedisServer.startInstalled(given, System.getenv("PATH"), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(refusal);
        }
    }

    @Test
    void saysHowToInstallWhatIsNotInstalled() {
        assertThatThrownBy(() -> RedisServer.startInstalled(RedisServerTests::unset, folder.toString(), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("No redis-server is on the PATH, and this test needs the one that is installed. Install it "
                        + "(Debian: apt-get install redis-server), or give its file by"
                        + " -Dcacheproof.redis-server=/path/to/redis-server.");
    }

    @Test
    void showsTheLogOfAServerThatEnds() throws IOException {
        Path broken = script("broken", "echo bad configuration; exit 3");
        assertThatThrownBy(() -> RedisServer.resolve(property("cacheproof.redis-server", broken.toString()), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("redis-server did not start. Its log:\nbad configuration");
    }

    @Test
    void waitsForNoServerWithoutEnd() throws IOException {
        Path pid = folder.resolve("pid");
        Path hanging = script("hanging", "echo $$ > '" + pid + "'; echo loading; exec sleep 600");
        assertThatThrownBy(() -> RedisProcess.start(any -> hanging, Map.of(), () -> 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("redis-server did not start. Its log:\nloading\n(not ready within 1000 ms)");
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())))
                .as("it is not left running")
                .isEmpty();
    }

    @Test
    void takesAnotherPortWhereSomebodyWasFaster() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Iterator<Integer> ports =
                    List.of(taken.getLocalPort(), free.getLocalPort()).iterator();
            free.close();
            try (RedisProcess server =
                    RedisProcess.start(RedisExecutable.CARRIED, Map.of(), ports::next, Duration.ofSeconds(30))) {
                assertThat(server.port()).isEqualTo(free.getLocalPort());
            }
        }
    }

    @Test
    void endsWithTheJvm() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        NeverClosed.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            long pid = Long.parseLong(output.readLine());
            Path directory = Path.of(output.readLine());
            assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessHandle.of(pid)).isEmpty();
            assertThat(directory).doesNotExist();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** Starts a server and forgets it. */
    static final class NeverClosed {
        public static void main(String[] arguments) {
            RedisProcess process =
                    RedisServer.resolve(RedisServerTests::unset, null).process();
            System.out.println(process.pid() + "\n" + process.directory());
        }
    }

    @Test
    void refusesWhatIsNoNameOfAnImage() {
        assertThatThrownBy(() -> RedisServer.resolve(property("cacheproof.redis.image", "No Image"), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "cacheproof.redis.image must be the name of an image, such as redis:7, but is \"No Image\"");
    }
}
