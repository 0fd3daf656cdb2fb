package dev.cacheproof.fake.redis;

import dev.cacheproof.servers.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The redis-server that the fake is compared with: the one that is installed, and its time stands where the test puts it, by
 * a clock that is compiled and preloaded. Where there is no server or no C compiler, the test fails: a comparison that did
 * not happen is no success.
 */
final class RealRedis implements AutoCloseable {

    private static final String CLOCK = "clock";
    private static final String SOURCE = "shifted_clock.c";
    private static final String SHIM = "shifted_clock.so";

    private final RedisServer server;
    private final Path directory;
    private final MappedByteBuffer clock;

    private RealRedis(RedisServer server, Path directory, MappedByteBuffer clock) {
        this.server = server;
        this.directory = directory;
        this.clock = clock;
    }

    static RealRedis start() {
        try {
            Path directory = Files.createTempDirectory("cacheproof-clock");
            Path shim = compile(directory);
            Path clockFile = Files.write(directory.resolve(CLOCK), new byte[Long.BYTES]);
            try (FileChannel file = FileChannel.open(clockFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MappedByteBuffer clock = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
                clock.order(ByteOrder.nativeOrder());
                RedisServer server = RedisServer.startInstalled(
                        Map.of("LD_PRELOAD", shim.toString(), "CACHEPROOF_CLOCK", clockFile.toString()));
                return new RealRedis(server, directory, clock);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path compile(Path directory) throws IOException {
        Path source = directory.resolve(SOURCE);
        try (InputStream resource = RealRedis.class.getResourceAsStream("/" + SOURCE)) {
            Files.copy(Objects.requireNonNull(resource), source);
        }
        Path shim = directory.resolve(SHIM);
        Process process;
        try {
            process = new ProcessBuilder("cc", "-shared", "-fPIC", "-O2", "-o", shim.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new AssertionError("The clock for redis-server needs a C compiler (Debian: apt-get install gcc)", e);
        }
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

    int port() {
        return server.uri().getPort();
    }

    /** Puts the server's wall clock. */
    void setTime(long micros) {
        clock.putLong(0, micros);
    }

    @Override
    public void close() {
        server.close();
        try {
            for (String file : List.of(SOURCE, SHIM, CLOCK)) {
                Files.delete(directory.resolve(file));
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
