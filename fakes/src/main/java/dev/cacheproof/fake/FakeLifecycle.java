package dev.cacheproof.fake;

import dev.cacheproof.Scope;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Leads the life of one kind of fake on behalf of a test framework. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * @param <F> the kind of fake
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface FakeLifecycle<F> {

    /**
     * Returns the kind of fake.
     *
     * @return the type of the fields that hold it
     */
    Class<F> type();

    /**
     * Starts a fake.
     *
     * @param name the name that the journal and failures show
     * @return the fake; it belongs to no scope, whatever the thread is in
     */
    F start(String name);

    /**
     * Starts a fake that only one application is connected to: what arrives there while no test of that application runs is
     * no other test's.
     *
     * @param name the name that the journal and failures show
     * @param application as {@link dev.cacheproof.Recorder#within} takes it
     * @return the fake
     */
    default F start(String name, String application) {
        return start(name);
    }

    /**
     * Lets what arrives over sockets, from threads that nobody knows, belong to a scope; besides to others, if there are
     * any.
     *
     * @param fake the fake
     * @param scope whose client talks to it
     * @return takes that back
     */
    Runnable attribute(F fake, Scope scope);

    /**
     * Lets somebody be asked before a fake that tests share is changed for all of them: given a fault or rid of all, moved in
     * time or frozen, or emptied. To end what one has begun oneself is free.
     *
     * @param fake the fake
     * @param guard takes what is about to be done, as a participle, and throws to refuse it
     */
    void guard(F fake, Consumer<String> guard);

    /**
     * Tells which faults have fired since a fake was started or made like new: how often, and with the seed where chance
     * decided. One that has ended can be asked, too.
     *
     * @param fake the fake
     * @return one line for each fault; null where none has fired
     */
    @Nullable
    String firedFaults(F fake);

    /**
     * Says whether a fake runs.
     *
     * @param fake the fake
     * @return false once it has ended, whoever has ended it
     */
    boolean isRunning(F fake);

    /**
     * Makes a fake like a new one, at the same address: no entries, no faults, settings as at the start, a clock that runs.
     * Time stays where it was moved to, since it never runs backwards.
     *
     * @param fake the fake
     * @throws AssertionError if a fault had to fire and never did; the fake is like new nevertheless
     */
    void renew(F fake);

    /**
     * Ends a fake.
     *
     * @param fake the fake
     * @throws AssertionError if a fault had to fire and never did; the fake has ended nevertheless
     */
    void stop(F fake);
}
