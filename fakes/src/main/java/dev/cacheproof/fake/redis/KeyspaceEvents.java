package dev.cacheproof.fake.redis;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells subscribers what happens to keys, as far as {@code notify-keyspace-events} asks for it. Guarded by the engine's lock. */
final class KeyspaceEvents {

    static final String SETTING = "notify-keyspace-events";

    /** What an event is about; in the order in which CONFIG GET tells the letters. */
    enum Kind {
        GENERIC('g'),
        STRING('$'),
        LIST('l'),
        SET('s'),
        HASH('h'),
        SORTED_SET('z'),
        EXPIRED('x'),
        EVICTED('e'),
        STREAM('t'),
        MODULE('d'),
        NEW('n'),
        MISS('m');

        private static final Set<Kind> ALL = Set.copyOf(EnumSet.complementOf(EnumSet.of(NEW, MISS)));

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    /** Which events are published, and where. */
    private record Wanted(Set<Kind> kinds, boolean byKey, boolean byEvent) {

        static final Wanted NONE = new Wanted(EnumSet.noneOf(Kind.class), false, false);

        static @Nullable Wanted parse(String letters) {
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            for (int i = 0; i < letters.length(); i++) {
                char letter = letters.charAt(i);
                Set<Kind> meant = kinds(letter);
                if (meant.isEmpty() && letter != 'K' && letter != 'E') {
                    return null;
                }
                kinds.addAll(meant);
            }
            return new Wanted(kinds, letters.indexOf('K') >= 0, letters.indexOf('E') >= 0);
        }

        private static Set<Kind> kinds(char letter) {
            if (letter == 'A') {
                return Kind.ALL;
            }
            Set<Kind> kinds = EnumSet.allOf(Kind.class);
            kinds.removeIf(each -> each.letter != letter);
            return kinds;
        }

        /** Returns the letters as redis-server tells them, which forgets that new keys are wanted where all others are. */
        String letters() {
            StringBuilder letters = new StringBuilder();
            if (kinds.containsAll(Kind.ALL)) {
                letters.append('A');
            } else {
                kinds.stream().filter(each -> each != Kind.MISS).forEach(each -> letters.append(each.letter));
            }
            letters.append(byKey ? "K" : "").append(byEvent ? "E" : "");
            return letters.append(kinds.contains(Kind.MISS) ? "m" : "").toString();
        }
    }

    private final PubSub pubSub;
    private Wanted wanted = Wanted.NONE;

    /** Set while a fault loses what clients should be told. */
    private boolean isMuted;

    KeyspaceEvents(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    /**
     * Returns the letters as they are told again.
     *
     * @throws Refusal if one of them has no meaning
     */
    static String canonical(String letters) {
        Wanted parsed = Wanted.parse(letters);
        if (parsed == null) {
            throw new Refusal("ERR CONFIG SET failed (possibly related to argument '" + SETTING
                    + "') - Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
        }
        return parsed.letters();
    }

    /** Publishes what valid letters ask for, and nothing else, from now on. */
    void want(String letters) {
        Wanted parsed = Wanted.parse(letters);
        wanted = parsed == null ? Wanted.NONE : parsed;
    }

    boolean wants(Kind kind) {
        return wanted.kinds.contains(kind);
    }

    /** Loses what clients should be told, or does no more. */
    void mute(boolean muted) {
        isMuted = muted;
    }

    /** Publishes an event where it is asked for. */
    void publish(int database, Kind kind, String event, Bytes key) {
        if (isMuted || !wanted.kinds.contains(kind)) {
            return;
        }
        if (wanted.byKey) {
            pubSub.publish(PubSub.Kind.CHANNEL, channel("__keyspace@" + database + "__:", key), Bytes.of(event));
        }
        if (wanted.byEvent) {
            pubSub.publish(PubSub.Kind.CHANNEL, Bytes.of("__keyevent@" + database + "__:" + event), key);
        }
    }

    private static Bytes channel(String prefix, Bytes key) {
        byte[] start = Bytes.of(prefix).array();
        byte[] channel = new byte[start.length + key.length()];
        System.arraycopy(start, 0, channel, 0, start.length);
        System.arraycopy(key.array(), 0, channel, start.length, key.length());
        return new Bytes(channel);
    }
}
