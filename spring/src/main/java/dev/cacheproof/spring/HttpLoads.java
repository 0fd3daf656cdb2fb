package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * What is written down of a call: where to, and what for, without any value that might be a secret.
 *
 * @param environment knows the port of the server under test
 */
record HttpLoads(Environment environment) {

    static final Operation.Outcome GIVEN_UP =
            new Operation.Outcome(Operation.Outcome.Status.FAILED, "given up before the answer");

    private static final int FIRST_ERROR = 400;

    HttpLoads {
        // From now on it can be believed that nothing was called.
        Recorder.watching(Operation.Kind.LOAD, "HTTP");
    }

    /** A call of the server under test does not leave the application: what counts is the work that it does there. */
    boolean isOurServer(URI address) {
        return TestScopeHeader.isFor(address)
                && Objects.equals(environment.getProperty("local.server.port", Integer.class), address.getPort());
    }

    /** The port is left out: that of a test's server changes from run to run. */
    static Recorder recorder(URI address) {
        return Recorder.watching(
                Operation.Kind.LOAD, "HTTP " + Objects.requireNonNullElse(address.getHost(), "unknown host"));
    }

    static Operation.Request request(Recorder recorder, String method, URI address) {
        String path = Objects.requireNonNullElse(address.getRawPath(), "");
        return recorder.request(method, (path.isEmpty() ? "/" : path) + names(address.getRawQuery()));
    }

    private static String names(@Nullable String query) {
        return query == null
                ? ""
                : Arrays.stream(query.split("&"))
                        .map(parameter -> parameter.split("=", 2)[0])
                        .collect(Collectors.joining("&", "?", ""));
    }

    static Operation.Outcome outcome(int status) {
        return status < FIRST_ERROR
                ? Operation.Outcome.of(Operation.Outcome.Status.DONE)
                : new Operation.Outcome(Operation.Outcome.Status.FAILED, "HTTP " + status);
    }
}
