package dev.cacheproof.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests. {@link #resolve()} finds one on any machine:
 *
 * <ol>
 *   <li>the server at the address in the system property {@code cacheproof.redis}, which is not ours: keep to a prefix of
 *       your own, and send it no FLUSHALL;
 *   <li>a container of the image in the system property {@code cacheproof.redis.image}, such as {@code redis:7}, started by
 *       Testcontainers, which must be on the class path;
 *   <li>the file in the system property {@code cacheproof.redis-server}, or else the redis-server on the PATH, started;
 *   <li>the binary that the Maven artifact {@code com.github.codemonstur:embedded-redis} carries, started: Redis 6.2, which needs
 *       OpenSSL 3 on Linux, or 5.0 on Windows.
 * </ol>
 *
 * <p>A server that is started listens on a free port of this machine, and ends with the JVM at the latest.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class RedisServer implements AutoCloseable {

    private static final String ADDRESS = "cacheproof.redis";
    private static final String IMAGE = "cacheproof.redis.image";
    private static final String FILE = "cacheproof.redis-server";
    private static final int CONNECT_MILLIS = 5_000;

    private final URI uri;
    private final @Nullable StartedRedis started;

    private RedisServer(URI uri, @Nullable StartedRedis started) {
        this.uri = uri;
        this.started = started;
    }

    /**
     * Finds a server, or starts one, and waits until it accepts connections.
     *
     * @return the server; close it after use
     * @throws IllegalArgumentException if a system property says what cannot be
     * @throws IllegalStateException if the server does not answer or start; the message has its log
     */
    public static RedisServer resolve() {
        return resolve(System::getProperty, System.getenv("PATH"));
    }

    static RedisServer resolve(Function<String, @Nullable String> property, @Nullable String path) {
        String address = property.apply(ADDRESS);
        if (address != null) {
            return new RedisServer(connect(parse(address)), null);
        }
        String image = property.apply(IMAGE);
        if (image != null) {
            return started(RedisContainer.start(image));
        }
        RedisExecutable executable = RedisExecutable.installed(FILE, property.apply(FILE), path);
        return started(RedisProcess.start(executable == null ? RedisExecutable.CARRIED : executable, Map.of()));
    }

    /**
     * Starts the redis-server that is installed, for tests that need its version, or that change its surroundings. The
     * address in {@code cacheproof.redis} and the binary from Maven are left alone.
     *
     * @param environment variables that are added to the environment of the server
     * @return the server, which is our own; close it after use
     * @throws IllegalArgumentException if the system property says what cannot be
     * @throws IllegalStateException if none is installed, or it does not start; the message has its log
     */
    public static RedisServer startInstalled(Map<String, String> environment) {
        return startInstalled(System::getProperty, System.getenv("PATH"), environment);
    }

    static RedisServer startInstalled(
            Function<String, @Nullable String> property, @Nullable String path, Map<String, String> environment) {
        RedisExecutable executable = RedisExecutable.installed(FILE, property.apply(FILE), path);
        if (executable == null) {
            throw new IllegalStateException(
                    "No redis-server is on the PATH, and this test needs the one that is installed. "
                            + "Install it (Debian: apt-get install redis-server), or give its file by -D" + FILE
                            + "=/path/to/redis-server.");
        }
        return started(RedisProcess.start(executable, environment));
    }

    private static RedisServer started(StartedRedis started) {
        return new RedisServer(URI.create("redis://" + started.host() + ":" + started.port()), started);
    }

    /** Takes care to show no password. */
    private static URI parse(String address) {
        try {
            URI uri = URI.create(address.contains("://") ? address : "redis://" + address);
            if ("redis".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() < 65_536) {
                return uri;
            }
        } catch (IllegalArgumentException noUri) {
            // refused below, without the cause, which repeats the text
        }
        throw new IllegalArgumentException(
                ADDRESS + " must be host:port or redis://[user:password@]host:port, but is \""
                        + address.replaceFirst("[^/]*@", "...@") + "\"");
    }

    private static URI connect(URI uri) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
            return uri;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Nothing answers at " + uri.getHost() + ":" + uri.getPort() + ", the address in " + ADDRESS, e);
        }
    }

    /**
     * Returns the address in the form that clients take.
     *
     * @return {@code redis://host:port}, with whatever else the system property says, such as a password
     */
    public URI uri() {
        return uri;
    }

    /**
     * Says whether the server was started by this object, and holds nothing but what its tests write. What is not our own
     * must only be touched under a prefix.
     *
     * @return false for the server that a system property names
     */
    public boolean isOwn() {
        return started != null;
    }

    RedisProcess process() {
        return (RedisProcess) Objects.requireNonNull(started);
    }

    /** Ends the server, if it is our own, before it returns. A second call has no effect. */
    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }

    /** Returns the address, without the password. */
    @Override
    public String toString() {
        return "RedisServer(" + uri.getHost() + ":" + uri.getPort() + ")";
    }
}
