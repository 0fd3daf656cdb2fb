package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every command that the fake knows. A new one is a row in one of these groups, and nothing else. Immutable. */
final class CommandTable {

    private static final Map<Bytes, Command> BY_NAME = byName();

    private CommandTable() {}

    private static List<List<Command>> groups() {
        return List.of(
                ConnectionCommands.all(),
                ClientCommands.all(),
                ServerCommands.all(),
                StringCommands.all(),
                CounterCommands.all(),
                HashCommands.all(),
                ListCommands.all(),
                SetCommands.all(),
                SortedSetCommands.all(),
                SortedSetRangeCommands.all(),
                SortedSetAlgebra.all(),
                BlockingCommands.all(),
                PubSubCommands.all(),
                KeyCommands.all(),
                ExpiryCommands.all(),
                ScanCommands.all(),
                MemoryCommands.all(),
                TransactionCommands.all(),
                ScriptCommands.all());
    }

    private static Map<Bytes, Command> byName() {
        Map<Bytes, Command> byName = new HashMap<>();
        for (List<Command> group : groups()) {
            for (Command command : group) {
                byName.put(Bytes.of(command.name()), command);
                // Most clients send upper case: found at once, without a copy in lower case.
                byName.put(Bytes.of(command.name().toUpperCase(Locale.ROOT)), command);
            }
        }
        return Map.copyOf(byName);
    }

    static @Nullable Command find(Bytes name) {
        Command command = BY_NAME.get(name);
        return command != null ? command : BY_NAME.get(name.lowerCase());
    }

    /** Finds what a request asks for: the subcommand where there is one. */
    static @Nullable Command find(List<Bytes> request) {
        Command command = find(request.get(0));
        Command subcommand = command == null || request.size() < 2 ? null : command.subcommand(request.get(1));
        return subcommand == null ? command : subcommand;
    }

    static List<Command> all() {
        List<Command> all = new ArrayList<>();
        groups().forEach(all::addAll);
        return all;
    }
}
