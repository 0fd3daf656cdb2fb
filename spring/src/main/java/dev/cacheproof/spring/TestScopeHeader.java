package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Tells a server under test, in the same process, which test a request belongs to. The clients that Spring makes send it by
 * themselves, as far as they call this machine. A test that uses a client of its own adds it:
 *
 * <pre>{@code
 * HttpRequest.newBuilder(uri).header(TestScopeHeader.NAME, TestScopeHeader.value())
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestScopeHeader {

    /** The name of the header. */
    public static final String NAME = "Cacheproof-Scope";

    private static final String NO_SCOPE = "none";
    private static final Pattern LOOPBACK = Pattern.compile("(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private TestScopeHeader() {}

    /**
     * Returns what the header says at this moment, on this thread: ask again for each request.
     *
     * @return the value; {@code none}, which no server takes for a test's, where the thread works for no test
     */
    public static String value() {
        return Scope.current().map(Scope::token).orElse(NO_SCOPE);
    }

    /** Says whether an address is on this machine. No other is told of our tests. */
    static boolean isFor(URI address) {
        String host = Objects.requireNonNullElse(address.getHost(), "");
        return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
