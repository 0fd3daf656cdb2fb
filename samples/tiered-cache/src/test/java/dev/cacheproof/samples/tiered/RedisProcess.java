package dev.cacheproof.samples.tiered;

import dev.cacheproof.Deadline;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real Redis: one at an address that was given, else one that is started here, and ends with the tests. */
final class RedisProcess implements AutoCloseable {

    private static final int ATTEMPTS = 5;

    private final HostAndPort address;
    private final @Nullable Process process;

    private RedisProcess(HostAndPort address, @Nullable Process process) {
        this.address = address;
        this.process = process;
    }

    HostAndPort address() {
        return address;
    }

    /**
     * Finds a server.
     *
     * @param given host and port of a running server; null where none was given
     * @param path the folders to look for a redis-server in
     */
    static RedisProcess resolve(@Nullable String given, String path) {
        if (given != null) {
            return new RedisProcess(HostAndPort.from(given), null);
        }
        return find("redis-server", path).map(RedisProcess::start).orElseThrow(() -> new IllegalStateException("""
                These tests need a Redis server, and never skip. Do one of these:
                  install one on the PATH (Debian: apt-get install redis-server; macOS: brew install redis)
                  name one that runs: -Dtiered.redis=localhost:6379 (they touch only keys that begin with tiered-test-)"""));
    }

    private static Optional<Path> find(String program, String path) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A port that was free a moment ago may be taken when the server wants it. */
    private static RedisProcess start(Path program) {
        for (int attempt = 1; ; attempt++) {
            RedisProcess started = startAt(program, freePort());
            if (started.awaitAnswer()) {
                return started;
            }
            started.close();
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException(program + " ended at once, " + ATTEMPTS + " times");
            }
        }
    }

    private static RedisProcess startAt(Path program, int port) {
        try {
            // A folder of its own, so that it loads nobody's data; it writes none.
            Path folder = Files.createTempDirectory("redis");
            folder.toFile().deleteOnExit();
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--dir",
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new RedisProcess(new HostAndPort("127.0.0.1", port), process);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Says whether the server answers; false if it has ended instead. */
    private boolean awaitAnswer() {
        try {
            Deadline.after(Duration.ofSeconds(30)).await(() -> hasEnded() || answers(), () -> "Redis at " + address);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        return !hasEnded();
    }

    private boolean hasEnded() {
        return process != null && !process.isAlive();
    }

    private boolean answers() {
        try (Jedis jedis = new Jedis(address)) {
            return jedis.ping().equals("PONG");
        } catch (JedisException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
