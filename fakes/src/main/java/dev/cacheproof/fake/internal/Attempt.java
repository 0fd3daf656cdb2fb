package dev.cacheproof.fake.internal;

import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A command that is about to run, or a connection that is about to be made.
 *
 * @param command its name in lower case; empty for a connection
 * @param kinds what it does
 * @param keys its keys
 * @param client the name that the client gave itself; empty where it gave none
 * @param bytes how long the request's longest word is
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Attempt(String command, Set<Kind> kinds, List<String> keys, String client, int bytes) {

    /** What a command does. */
    public enum Kind {
        /** Reads entries. */
        READ,
        /** Writes entries. */
        WRITE,
        /** Removes entries. */
        DELETE,
        /** Introduces the client. */
        HANDSHAKE,
        /** Has keys. */
        KEYED
    }
}
