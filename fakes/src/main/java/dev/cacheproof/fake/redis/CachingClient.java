package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How a client that keeps what it reads wants to be told that it has changed. Guarded by the engine's lock. */
final class CachingClient {

    enum Option {
        /** Is told of all keys under its prefixes, whether it has read them or not. */
        BCAST,
        /** Is told only of what it reads by a command that follows CLIENT CACHING YES. */
        OPTIN,
        /** Is told of what it reads, but for what follows CLIENT CACHING NO. */
        OPTOUT,
        /** Is not told of what it changes itself. */
        NOLOOP
    }

    final Session session;
    final Set<Option> options = EnumSet.noneOf(Option.class);
    final Set<Bytes> prefixes = new TreeSet<>();

    /** The number of the connection that is told in its place; 0 for none. */
    long redirection;

    /** Whether that connection was found to have ended. */
    boolean isBroken;

    /** Whether CLIENT CACHING was said before the command that runs. */
    boolean isCachingGiven;

    CachingClient(Session session) {
        this.session = session;
    }

    boolean is(Option option) {
        return options.contains(option);
    }

    /** Says whether it is to be told of what it reads now. */
    boolean remembers() {
        return !is(Option.BCAST) && !(is(Option.OPTIN) && !isCachingGiven) && !(is(Option.OPTOUT) && isCachingGiven);
    }

    /** Returns the letters that CLIENT LIST shows. */
    String flags() {
        return "t" + (isBroken ? "R" : "") + (is(Option.BCAST) ? "B" : "");
    }

    /** Returns the words that CLIENT TRACKINGINFO tells. */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("on"));
        if (is(Option.BCAST)) {
            words.add("bcast");
        }
        if (is(Option.OPTIN)) {
            words.add("optin");
            words.addAll(isCachingGiven ? List.of("caching-yes") : List.of());
        }
        if (is(Option.OPTOUT)) {
            words.add("optout");
            words.addAll(isCachingGiven ? List.of("caching-no") : List.of());
        }
        if (is(Option.NOLOOP)) {
            words.add("noloop");
        }
        if (isBroken) {
            words.add("broken_redirect");
        }
        return words;
    }
}
