package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import io.lettuce.core.event.command.CommandFailedEvent;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.event.command.CommandSucceededEvent;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The commands of one client whose callers may not wait for them. Those that Spring Data waits for are Lettuce's own futures;
 * what it only subscribes to is not. Commands that wait for others, as a listener's do, are left out. Thread-safe.
 *
 * <p>A command that follows from another, as UNLINK does from KEYS where a cache is cleared, is begun on a thread of the
 * client, before the other is told to be done. So there is no moment in between at which all seem to be done.
 */
final class CommandsUnderWay implements CommandListener {

    private static final String KEY = CommandsUnderWay.class.getName();

    /** They may be answered when somebody else has done something, or never. */
    private static final Set<String> WAITING = Set.of(
            "BLMOVE",
            "BLMPOP",
            "BLPOP",
            "BRPOP",
            "BRPOPLPUSH",
            "BZMPOP",
            "BZPOPMAX",
            "BZPOPMIN",
            "MONITOR",
            "PSUBSCRIBE",
            "SSUBSCRIBE",
            "SUBSCRIBE",
            "WAIT",
            "WAITAOF",
            "XREAD",
            "XREADGROUP");

    private final Set<UnderWay> commands = ConcurrentHashMap.newKeySet();

    private record UnderWay(String name, List<Scope> scopes, List<Runnable> ends, Object identity) {}

    @Override
    public void commandStarted(CommandStartedEvent event) {
        String name = event.getCommand().getType().toString();
        if (event.getCommand() instanceof AsyncCommand || WAITING.contains(name)) {
            return;
        }
        List<Scope> scopes = Scope.current().map(List::of).orElseGet(this::all);
        List<Runnable> ends = scopes.stream()
                .map(scope ->
                        scope.underWay(Operation.Kind.COMMAND, name + ", which Lettuce has not been answered yet"))
                .toList();
        UnderWay command = new UnderWay(name, scopes, ends, new Object());
        commands.add(command);
        event.getContext().put(KEY, command);
    }

    /** What a thread of the client begins follows from something that is under way. */
    private List<Scope> all() {
        return commands.stream()
                .flatMap(command -> command.scopes.stream())
                .distinct()
                .toList();
    }

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
        end(event.getContext());
    }

    @Override
    public void commandFailed(CommandFailedEvent event) {
        end(event.getContext());
    }

    private void end(Map<String, Object> context) {
        Object command = context.get(KEY);
        if (command instanceof UnderWay underWay) {
            end(underWay);
        }
    }

    private void end(UnderWay command) {
        commands.remove(command);
        command.ends.forEach(Runnable::run);
    }

    boolean areAllDone() {
        return commands.isEmpty();
    }

    /** Waits for nothing of what is under way any more. */
    void forget() {
        List.copyOf(commands).forEach(this::end);
    }

    @Override
    public String toString() {
        return commands.stream().map(UnderWay::name).sorted().collect(Collectors.joining(", "));
    }
}
