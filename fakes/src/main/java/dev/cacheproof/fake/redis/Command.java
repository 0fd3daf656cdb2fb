package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.internal.Attempt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One row of the {@link CommandTable}: what the server must know of a command before it runs. Immutable. */
final class Command {

    @FunctionalInterface
    interface Action {
        Reply run(Call call);
    }

    enum Trait {
        WRITE,
        READONLY,
        /** Removes entries; a WRITE, too. */
        DELETE,
        /** Answers with a value although it may change something; a WRITE, too. */
        GETS,
        /** Does not use the keys that it asks about, as far as eviction goes. */
        UNNOTICED,
        /** Introduces the client. */
        HANDSHAKE,
        /** Refused by a server that is out of memory. */
        DENYOOM,
        /** Allowed before the client has given its password. */
        NO_AUTH,
        /** Allowed to a client that has subscribed to something and does not speak RESP3. */
        SUBSCRIBER,
        /** Reaches replicas though it writes nothing: refused where a script may only read. */
        REPLICATED,
        /** Refused within a script. */
        NO_SCRIPT,
        /** Runs a script, which may do anything unless it is READONLY. */
        SCRIPT,
        /** Refused within a transaction. */
        NO_MULTI,
        /** Never queued: runs at once even within a transaction. */
        IMMEDIATE
    }

    private static final int[] NO_KEYS = {0, 0, 0, 0};

    private final String name;
    private final int arity;
    private final Set<Trait> traits;
    private final int firstKey;
    private final int lastKey;
    private final int keyStep;

    /** The word that says how many of those behind it are keys; 0 where none does. */
    private final int keyCount;

    private final @Nullable Action action;
    private final Map<Bytes, Command> subcommands;
    private final Set<Attempt.Kind> kinds;

    private Command(
            String name,
            int arity,
            Set<Trait> traits,
            int[] keys,
            @Nullable Action action,
            Map<Bytes, Command> subcommands) {
        this.name = name;
        this.arity = arity;
        this.traits = traits;
        this.firstKey = keys[0];
        this.lastKey = keys[1];
        this.keyStep = keys[2];
        this.keyCount = keys[3];
        this.action = action;
        this.subcommands = subcommands;
        this.kinds = Collections.unmodifiableSet(findKinds());
    }

    /**
     * Describes a command without keys.
     *
     * @param name in lower case; that of a subcommand is {@code container|name}
     * @param arity how many words, the name included; at least so many where it is negative
     */
    static Command of(String name, int arity, Action action, Trait... traits) {
        return new Command(name, arity, set(traits), NO_KEYS, action, Map.of());
    }

    /** Describes a command that does nothing without a subcommand. */
    static Command container(String name, Command... subcommands) {
        return new Command(name, -2, Set.of(), NO_KEYS, null, Map.of()).with(subcommands);
    }

    Command with(Command... subcommands) {
        Map<Bytes, Command> byName = new LinkedHashMap<>();
        for (Command each : subcommands) {
            byName.put(Bytes.of(each.name.substring(name.length() + 1)), each);
        }
        return new Command(name, arity, traits, new int[] {firstKey, lastKey, keyStep, keyCount}, action, byName);
    }

    private static Set<Trait> set(Trait... traits) {
        Set<Trait> set = EnumSet.noneOf(Trait.class);
        set.addAll(List.of(traits));
        return set;
    }

    /** Returns this command with keys at the given words; a negative last one counts from the end. */
    Command keys(int first, int last, int step) {
        return new Command(name, arity, traits, new int[] {first, last, step, keyCount}, action, subcommands);
    }

    /** Returns this command with more keys behind the word that says how many they are. */
    Command countedKeys(int index) {
        return new Command(name, arity, traits, new int[] {firstKey, lastKey, keyStep, index}, action, subcommands);
    }

    /** Returns this container with all of its commands refused within a script. */
    Command refusedInScripts() {
        Command[] refused = subcommands.values().stream()
                .map(each -> each.with(Trait.NO_SCRIPT))
                .toArray(Command[]::new);
        return with(refused);
    }

    private Command with(Trait trait) {
        Set<Trait> all = EnumSet.of(trait);
        all.addAll(traits);
        return new Command(name, arity, all, new int[] {firstKey, lastKey, keyStep, keyCount}, action, subcommands);
    }

    Command key() {
        return keys(1, 1, 1);
    }

    String name() {
        return name;
    }

    int arity() {
        return arity;
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    boolean takes(int words) {
        return arity >= 0 ? words == arity : words >= -arity;
    }

    boolean hasSubcommands() {
        return !subcommands.isEmpty();
    }

    Collection<Command> subcommands() {
        return subcommands.values();
    }

    @Nullable
    Command subcommand(Bytes word) {
        return subcommands.get(word.lowerCase());
    }

    /** Says whether it does something without a subcommand. */
    boolean runs() {
        return action != null;
    }

    Reply run(Call call) {
        if (action == null) {
            throw new IllegalStateException(name + " runs only through its subcommands");
        }
        return action.run(call);
    }

    /** Returns what it does, as faults see it. */
    Set<Attempt.Kind> kinds() {
        return kinds;
    }

    private Set<Attempt.Kind> findKinds() {
        Set<Attempt.Kind> kinds = EnumSet.noneOf(Attempt.Kind.class);
        if (is(Trait.WRITE)) {
            kinds.add(is(Trait.DELETE) ? Attempt.Kind.DELETE : Attempt.Kind.WRITE);
        }
        if ((is(Trait.READONLY) || is(Trait.GETS)) && hasKeys()) {
            kinds.add(Attempt.Kind.READ);
        }
        if (is(Trait.SCRIPT)) {
            kinds.add(Attempt.Kind.READ);
            if (!is(Trait.READONLY)) {
                kinds.add(Attempt.Kind.WRITE);
                kinds.add(Attempt.Kind.DELETE);
            }
        }
        if (is(Trait.HANDSHAKE) || name.equals("client") || name.startsWith("client|")) {
            kinds.add(Attempt.Kind.HANDSHAKE);
        }
        if (hasKeys() || subcommands.values().stream().anyMatch(Command::hasKeys)) {
            kinds.add(Attempt.Kind.KEYED);
        }
        return kinds;
    }

    private boolean hasKeys() {
        return firstKey > 0 || keyCount > 0;
    }

    int firstKey() {
        return firstKey;
    }

    int lastKey() {
        return lastKey;
    }

    int keyStep() {
        return keyStep;
    }

    /** Returns how many words the command's own name takes. */
    int words() {
        return name.indexOf('|') < 0 ? 1 : 2;
    }

    /** Says whether a word of a request is a key. */
    boolean isKey(int index, List<Bytes> words) {
        int last = lastKey < 0 ? words.size() + lastKey : lastKey;
        boolean isFixed = firstKey > 0 && index >= firstKey && index <= last && (index - firstKey) % keyStep == 0;
        return isFixed || (keyCount > 0 && index > keyCount && index <= keyCount + counted(words));
    }

    /** Reads how many keys a request says to have, at most as many as there are words. */
    private long counted(List<Bytes> words) {
        Long count = keyCount < words.size() ? Numbers.strictLong(words.get(keyCount)) : null;
        return count == null ? 0 : Math.max(0, Math.min(count, words.size() - keyCount - 1));
    }

    /** Says whether there are as many keys as the request says that there are. */
    boolean hasItsKeys(List<Bytes> words) {
        Long count = keyCount == 0 || keyCount >= words.size() ? null : Numbers.strictLong(words.get(keyCount));
        return keyCount == 0 || (count != null && count > 0 && count == counted(words));
    }

    /** Returns the keys among the words of a request. */
    List<Bytes> keysOf(List<Bytes> words) {
        if (keyCount == 0 && (firstKey == 0 || firstKey >= words.size())) {
            return List.of();
        }
        int last = Math.min(lastKey < 0 ? words.size() + lastKey : lastKey, words.size() - 1);
        if (keyCount == 0 && last == firstKey) {
            return List.of(words.get(firstKey));
        }
        List<Bytes> keys = new ArrayList<>();
        for (int i = firstKey; firstKey > 0 && i <= last; i += keyStep) {
            keys.add(words.get(i));
        }
        if (keyCount > 0) {
            int first = Math.min(keyCount + 1, words.size());
            keys.addAll(words.subList(first, first + (int) counted(words)));
        }
        return keys;
    }
}
