package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * The calls of other applications by the clients of one context. Thread-safe.
 *
 * <p>Of a call these are written down: the method, the host, and the path. Never the port, which changes from run to run, user
 * information, the query, matrix parameters or headers. The path is the template that {@code RestClient} or {@code WebClient}
 * was given. Where it was given none, and for {@code RestTemplate}, which does not tell, it is the path itself: nobody knows
 * what of that is a value, and may be a secret, so it is left out with {@code cacheproof.values = masked}. What a template
 * says literally is shown, and so is what a client says of its failure.
 */
final class HttpLoads implements DisposableBean {

    static final Operation.Outcome GIVEN_UP =
            new Operation.Outcome(Operation.Outcome.Status.FAILED, "given up before the answer");

    private static final int FIRST_ERROR = 400;

    private final Environment environment;
    private final String application;

    /** Guarded by this. */
    private Recorder.@Nullable Watch watch;

    HttpLoads(Environment environment, String application) {
        this.environment = environment;
        this.application = application;
    }

    /** Creates those of a context, which end with it. */
    static HttpLoads of(ConfigurableApplicationContext context, String application) {
        HttpLoads loads = new HttpLoads(context.getEnvironment(), application);
        ((DefaultSingletonBeanRegistry) context.getBeanFactory())
                .registerDisposableBean(HttpLoads.class.getName(), loads);
        return loads;
    }

    /** A client counts: from now on its context's tests can believe that nothing was called. */
    synchronized void watched() {
        if (watch == null) {
            watch = Recorder.of(Operation.Kind.LOAD, "HTTP").within(application).watch();
        }
    }

    /** The context has been closed. */
    @Override
    public synchronized void destroy() {
        if (watch != null) {
            watch.close();
        }
    }

    /** A call of the server under test does not leave the application: what counts is the work that it does there. */
    boolean isOurServer(URI address) {
        return TestScopeHeader.isFor(address)
                && Objects.equals(environment.getProperty("local.server.port", Integer.class), address.getPort());
    }

    Recorder recorder(URI address) {
        String host = Objects.requireNonNullElse(address.getHost(), "unknown host");
        return Recorder.of(Operation.Kind.LOAD, "HTTP " + host).within(application);
    }

    /** Describes a call, on the thread that makes it. */
    static Operation.Request request(Recorder recorder, String method, URI address, @Nullable Object template) {
        if (template != null) {
            return recorder.request(method, withoutValues(pathOf(template.toString())));
        }
        boolean isMasked = Settings.current().values() == Settings.Values.MASKED;
        return recorder.request(
                method, isMasked ? "" : withoutValues(Objects.requireNonNullElse(address.getRawPath(), "")));
    }

    /** Any part of a template may be a variable, so it is no address that could be parsed. */
    private static String pathOf(String template) {
        return template.replaceFirst("[?#].*", "").replaceFirst("^[^/]*//[^/]*", "");
    }

    private static String withoutValues(String path) {
        return path.isEmpty() ? "/" : path.replaceAll(";[^/]*", "");
    }

    static Operation.Outcome outcome(int status) {
        return status < FIRST_ERROR
                ? Operation.Outcome.of(Operation.Outcome.Status.DONE)
                : new Operation.Outcome(Operation.Outcome.Status.FAILED, "HTTP " + status);
    }
}
