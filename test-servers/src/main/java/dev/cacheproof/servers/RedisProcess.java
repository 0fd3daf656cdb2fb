package dev.cacheproof.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * A redis-server that this JVM started, with a directory of its own. Its log tells when it accepts connections: to connect
 * would not, as whoever took the port before it may answer.
 */
final class RedisProcess implements StartedRedis {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PORTS_TO_TRY = 5;

    private final Path directory;
    private final int port;
    private final Process process;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final Thread endOfJvm = new Thread(this::stop, "cacheproof-redis-stop");

    private RedisProcess(RedisExecutable executable, int port, Map<String, String> environment) throws IOException {
        this.port = port;
        this.directory = Files.createTempDirectory("cacheproof-redis");
        try {
            ProcessBuilder command = command(executable.file(directory)).redirectErrorStream(true);
            command.environment().putAll(environment);
            this.process = command.start();
        } catch (Throwable notStarted) {
            deleteDirectory();
            throw notStarted;
        }
        Runtime.getRuntime().addShutdownHook(endOfJvm);
        Thread reader = new Thread(this::readLog, "cacheproof-redis-log");
        reader.setDaemon(true);
        reader.start();
    }

    private ProcessBuilder command(Path file) {
        return new ProcessBuilder(
                file.toString(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "no",
                "--dir",
                directory.toString());
    }

    static RedisProcess start(RedisExecutable executable, Map<String, String> environment) {
        return start(executable, environment, RedisProcess::freePort, LIMIT);
    }

    /** Starts a server; on another port if somebody else has taken the one that was free. */
    static RedisProcess start(
            RedisExecutable executable, Map<String, String> environment, IntSupplier freePort, Duration limit) {
        try {
            for (int attempt = 1; ; attempt++) {
                RedisProcess server = new RedisProcess(executable, freePort.getAsInt(), environment);
                if (server.awaitStart(limit)) {
                    return server;
                }
                server.close();
                if (attempt == PORTS_TO_TRY || !server.lines().contains("Address already in use")) {
                    throw new IllegalStateException("redis-server did not start. Its log:\n" + server.lines());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("redis-server cannot be started: " + e.getMessage(), e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean awaitStart(Duration limit) {
        try {
            return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            log.add("(not ready within " + limit.toMillis() + " ms)");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("Interrupted while redis-server started", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e); // it is never completed so
        }
    }

    /** Reads to the end: a server whose log nobody reads would stand still when the pipe is full. */
    private void readLog() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                if (line.contains("Ready to accept connections")) {
                    ready.complete(true);
                }
            }
        } catch (IOException closed) {
            log.add("(" + closed.getMessage() + ")");
        }
        ready.complete(false);
    }

    private String lines() {
        synchronized (log) {
            return log.isEmpty() ? "(empty)" : String.join("\n", log);
        }
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(endOfJvm);
        } catch (IllegalStateException endsAlready) {
            // and does the same
        }
        stop();
    }

    /** By force: it has nothing to save. */
    private void stop() {
        process.destroyForcibly();
        try {
            process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deleteDirectory();
    }

    private void deleteDirectory() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
