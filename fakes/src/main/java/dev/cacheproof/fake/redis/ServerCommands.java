package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server itself. */
final class ServerCommands {

    /** The version whose answers the fake gives. */
    static final String VERSION = "7.0.15";

    private ServerCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("info", -1, ServerCommands::info),
                Command.of("time", 1, ServerCommands::time),
                Command.of("dbsize", 1, call -> Replies.integer(call.database().size()), READONLY),
                Command.of("flushdb", -1, ServerCommands::flushdb, WRITE, DELETE),
                Command.of("flushall", -1, ServerCommands::flushall, WRITE, DELETE),
                Command.of("command", -1, call -> Replies.array(described(CommandTable.all())))
                        .with(
                                Command.of(
                                        "command|count",
                                        2,
                                        call -> Replies.integer(
                                                CommandTable.all().size())),
                                Command.of("command|docs", -2, call -> Replies.pairs()),
                                Command.of("command|info", -2, ServerCommands::commandInfo)),
                Command.container(
                                "config",
                                Command.of("config|get", -3, ServerCommands::configGet),
                                Command.of("config|set", -4, ServerCommands::configSet),
                                Command.of("config|resetstat", 2, ServerCommands::resetstat))
                        .refusedInScripts());
    }

    private static Reply time(Call call) {
        Instant now = call.engine().instant();
        long micros = TimeUnit.NANOSECONDS.toMicros(now.getNano());
        return Replies.array(List.of(Replies.bulk(Bytes.of(now.getEpochSecond())), Replies.bulk(Bytes.of(micros))));
    }

    private static Reply flushdb(Call call) {
        requireFlushOptions(call);
        call.database().clear();
        call.database().changes().flushed();
        return Replies.OK;
    }

    private static Reply flushall(Call call) {
        requireFlushOptions(call);
        call.engine().databases().forEach(Database::clear);
        call.database().changes().flushed();
        return Replies.OK;
    }

    private static void requireFlushOptions(Call call) {
        boolean known = call.count() == 1 || (call.count() == 2 && (call.is(1, "ASYNC") || call.is(1, "SYNC")));
        if (!known) {
            throw call.syntaxError();
        }
    }

    private static Reply commandInfo(Call call) {
        if (call.count() == 2) {
            return Replies.array(described(CommandTable.all()));
        }
        List<Reply> found = new ArrayList<>();
        for (Bytes name : call.wordsFrom(2)) {
            Command command = CommandTable.find(name);
            found.add(
                    command == null ? Replies.NIL : described(List.of(command)).get(0));
        }
        return Replies.array(found);
    }

    private static List<Reply> described(List<Command> commands) {
        List<Reply> all = new ArrayList<>();
        for (Command each : commands) {
            List<Reply> traits = new ArrayList<>();
            for (Command.Trait trait : List.of(
                    Command.Trait.WRITE, Command.Trait.READONLY, Command.Trait.DENYOOM, Command.Trait.NO_AUTH)) {
                if (each.is(trait)) {
                    traits.add(Replies.status(trait.name().toLowerCase(Locale.ROOT)));
                }
            }
            all.add(Replies.array(List.of(
                    Replies.bulk(each.name()),
                    Replies.integer(each.arity()),
                    Replies.array(traits),
                    Replies.integer(each.firstKey()),
                    Replies.integer(each.lastKey()),
                    Replies.integer(each.keyStep()))));
        }
        return all;
    }

    private static Reply configGet(Call call) {
        List<Reply> found = new ArrayList<>();
        call.engine().settings().forEach((name, value) -> {
            if (call.wordsFrom(2).stream().anyMatch(pattern -> Glob.matches(pattern.lowerCase(), Bytes.of(name)))) {
                found.add(Replies.bulk(name));
                found.add(Replies.bulk(value));
            }
        });
        return Replies.pairs(found.toArray(Reply[]::new));
    }

    private static Reply configSet(Call call) {
        if (call.count() % 2 != 0) {
            throw call.syntaxError();
        }
        Map<String, String> changes = new LinkedHashMap<>();
        for (int i = 2; i < call.count(); i += 2) {
            String name = call.word(i).lowerCase().text();
            if (!call.engine().settings().containsKey(name)) {
                throw new Refusal("ERR Unknown option or number of arguments for CONFIG SET - '"
                        + call.word(i).printed() + "'");
            }
            changes.put(name, call.word(i + 1).text());
        }
        String events = changes.get(KeyspaceEvents.SETTING);
        changes.replaceAll(ServerCommands::canonical);
        call.engine().settings().putAll(changes);
        call.engine().eviction().configure(call.engine().settings());
        if (events != null) {
            call.engine().events().want(events);
        }
        return Replies.OK;
    }

    private static String canonical(String name, String value) {
        return switch (name) {
            case KeyspaceEvents.SETTING -> KeyspaceEvents.canonical(value);
            case Eviction.LIMIT_SETTING -> Eviction.canonicalLimit(value);
            case EvictionPolicy.SETTING -> EvictionPolicy.of(value).setting();
            default -> value;
        };
    }

    private static Reply resetstat(Call call) {
        call.engine().statistics().reset();
        return Replies.OK;
    }

    private static Reply info(Call call) {
        Map<String, String> sections = new LinkedHashMap<>();
        Engine engine = call.engine();
        Engine.Statistics statistics = engine.statistics();
        long uptime = Math.max(
                0, engine.instant().getEpochSecond() - engine.startedAt().getEpochSecond());
        sections.put(
                "Server",
                "redis_version:" + engine.version() + "\r\nredis_mode:standalone\r\nuptime_in_seconds:" + uptime
                        + "\r\n");
        sections.put(
                "Clients",
                "connected_clients:" + engine.sessions().size() + "\r\nblocked_clients:"
                        + engine.waits().size() + "\r\ntracking_clients:"
                        + engine.tracking().size() + "\r\n");
        Eviction eviction = engine.eviction();
        sections.put(
                "Memory",
                "used_memory:" + eviction.size() + "\r\nmaxmemory:" + eviction.limit() + "\r\nmaxmemory_policy:"
                        + eviction.policy().setting() + "\r\n");
        sections.put("Persistence", "loading:0\r\n");
        sections.put(
                "Stats",
                "total_connections_received:" + statistics.connections
                        + "\r\ntotal_commands_processed:" + statistics.commands
                        + "\r\nexpired_keys:" + statistics.expired
                        + "\r\nevicted_keys:" + statistics.evicted + "\r\nkeyspace_hits:" + statistics.hits
                        + "\r\nkeyspace_misses:" + statistics.misses
                        + "\r\npubsub_channels:"
                        + engine.pubSub().names(PubSub.Kind.CHANNEL).size()
                        + "\r\npubsub_patterns:"
                        + engine.pubSub().names(PubSub.Kind.PATTERN).size() + "\r\n");
        sections.put("Replication", "role:master\r\nconnected_slaves:0\r\n");
        sections.put("Cluster", "cluster_enabled:0\r\n");
        sections.put("Keyspace", keyspace(engine));
        StringBuilder text = new StringBuilder();
        sections.forEach((name, lines) -> {
            if (isWanted(call, name)) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(name)
                        .append("\r\n")
                        .append(lines);
            }
        });
        return Replies.text(text.toString());
    }

    private static boolean isWanted(Call call, String section) {
        return call.count() == 1
                || call.wordsFrom(1).stream()
                        .anyMatch(word -> word.is(section.toUpperCase(Locale.ROOT))
                                || word.is("ALL")
                                || word.is("DEFAULT")
                                || word.is("EVERYTHING"));
    }

    private static String keyspace(Engine engine) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; engine.hasDatabase(i); i++) {
            Database database = engine.database(i);
            if (database.size() > 0) {
                lines.append("db")
                        .append(i)
                        .append(":keys=")
                        .append(database.size())
                        .append(",expires=")
                        .append(database.expiringSize())
                        .append(",avg_ttl=0\r\n");
            }
        }
        return lines.toString();
    }
}
