package dev.cacheproof.fake.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The redis-server that the fake is compared with. It is found on the PATH, or where the system property
 * {@code cacheproof.redis-server} says, started on a free loopback port, and stopped again; its time stands where the test
 * puts it, by a clock that is compiled and preloaded. Where there is no server or no C compiler, the test fails: a
 * comparison that did not happen is no success.
 */
final class RealRedis implements AutoCloseable {

    private static final String PROPERTY = "cacheproof.redis-server";
    private static final long START_SECONDS = 20;

    private final Process process;
    private final Path directory;
    private final int port;
    private final MappedByteBuffer clock;

    private RealRedis(Process process, Path directory, int port, MappedByteBuffer clock) {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.clock = clock;
    }

    static RealRedis start() {
        Path server = find(System.getProperty(PROPERTY), "redis-server");
        Path compiler = find(null, "cc");
        try {
            Path directory = Files.createTempDirectory("cacheproof-redis");
            Path shim = compile(compiler, directory);
            Path clockFile = Files.write(directory.resolve("clock"), new byte[Long.BYTES]);
            int port = freePort();
            ProcessBuilder command = new ProcessBuilder(
                            server.toString(),
                            "--port",
                            String.valueOf(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no",
                            "--dir",
                            directory.toString(),
                            "--daemonize",
                            "no")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            command.environment().put("LD_PRELOAD", shim.toString());
            command.environment().put("CACHEPROOF_CLOCK", clockFile.toString());
            try (FileChannel file = FileChannel.open(clockFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MappedByteBuffer clock = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
                clock.order(ByteOrder.nativeOrder());
                RealRedis redis = new RealRedis(command.start(), directory, port, clock);
                redis.awaitStart();
                return redis;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(@Nullable String given, String name) {
        if (given != null) {
            return Path.of(given);
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":", -1))
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("This test compares the fake with a real server, and needs " + name
                                + ", which is not on the PATH. Install it (Debian: apt-get install redis-server gcc), or give the"
                                + " server's file by -D" + PROPERTY + "=/path/to/redis-server."));
    }

    private static Path compile(Path compiler, Path directory) throws IOException {
        Path source = directory.resolve("shifted_clock.c");
        try (InputStream resource = RealRedis.class.getResourceAsStream("/shifted_clock.c")) {
            Files.copy(Objects.requireNonNull(resource), source);
        }
        Path shim = directory.resolve("shifted_clock.so");
        Process process = new ProcessBuilder(
                        compiler.toString(), "-shared", "-fPIC", "-O2", "-o", shim.toString(), source.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (waitFor(process) != 0) {
            throw new AssertionError("The clock for redis-server does not compile:\n" + output);
        }
        return shim;
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        String log = Files.readString(directory.resolve("log"));
        close();
        throw new AssertionError("redis-server did not start:\n" + log);
    }

    int port() {
        return port;
    }

    /** Puts the server's wall clock. */
    void setTime(long micros) {
        clock.putLong(0, micros);
    }

    @Override
    public void close() {
        process.destroy();
        waitFor(process);
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst =
                    new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
            for (Path each : deepestFirst) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
