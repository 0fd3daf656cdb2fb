package dev.cacheproof;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Counts work that no adapter sees: a file look-up, an HTTP call, an expensive computation. Wrap it where the test wires
 * the code under test.
 *
 * <pre>{@code
 * Themes themes = new Themes(site -> Loads.counted("theme files", () -> files.find(site)));
 * }</pre>
 *
 * <p>Has no effect but to call the supplier while no {@linkplain Scope scope} is open. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Loads {

    private Loads() {}

    /**
     * Runs a load and counts it, also when it fails.
     *
     * @param name what is loaded; loads of one name are counted together
     * @param load the work; what it throws is thrown on as it is
     * @param <T> the type of its result
     * @return what it returned
     */
    public static <T extends @Nullable Object> T counted(String name, Callable<T> load) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(load, "load");
        Recorder recorder = Recorder.of(Operation.Kind.LOAD, name);
        Recording recording = recorder.begin(recorder.request(name));
        if (recording.refusal() != null) {
            throw new IllegalStateException("load \"" + name + "\" was refused by a gate: " + recording.refusal());
        }
        try {
            T loaded = load.call();
            recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            return loaded;
        } catch (Throwable thrown) {
            recording.end(Operation.Outcome.failed(thrown));
            throw Loads.<RuntimeException>asItIs(thrown);
        }
    }

    /** Throws a checked exception where none is declared: the code under test must see the load's own exception. */
    @SuppressWarnings("unchecked") // the cast is erased
    private static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
