package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.NO_SCRIPT;
import static dev.cacheproof.fake.redis.Command.Trait.REPLICATED;
import static dev.cacheproof.fake.redis.Command.Trait.SUBSCRIBER;

import dev.cacheproof.fake.redis.PubSub.Kind;
import java.util.ArrayList;
import java.util.List;

/** Messages to whoever listens at the moment. */
final class PubSubCommands {

    private PubSubCommands() {}

    static List<Command> all() {
        return List.of(
                subscribe("subscribe", Kind.CHANNEL),
                subscribe("psubscribe", Kind.PATTERN),
                subscribe("ssubscribe", Kind.SHARD_CHANNEL),
                unsubscribe("unsubscribe", Kind.CHANNEL),
                unsubscribe("punsubscribe", Kind.PATTERN),
                unsubscribe("sunsubscribe", Kind.SHARD_CHANNEL),
                publish("publish", Kind.CHANNEL),
                publish("spublish", Kind.SHARD_CHANNEL),
                Command.container(
                        "pubsub",
                        Command.of("pubsub|channels", -2, call -> channels(call, Kind.CHANNEL)),
                        Command.of("pubsub|numsub", -2, call -> counts(call, Kind.CHANNEL)),
                        Command.of("pubsub|numpat", 2, PubSubCommands::numpat),
                        Command.of("pubsub|shardchannels", -2, call -> channels(call, Kind.SHARD_CHANNEL)),
                        Command.of("pubsub|shardnumsub", -2, call -> counts(call, Kind.SHARD_CHANNEL))));
    }

    private static Command subscribe(String name, Kind kind) {
        return Command.of(name, -2, call -> subscribe(call, kind), SUBSCRIBER, NO_SCRIPT);
    }

    private static Reply subscribe(Call call, Kind kind) {
        if (kind == Kind.SHARD_CHANNEL && call.session().inExec) {
            throw new Refusal("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
        }
        call.wordsFrom(1).forEach(each -> call.engine().pubSub().subscribe(call.session(), kind, each));
        return Replies.NOTHING;
    }

    private static Command unsubscribe(String name, Kind kind) {
        return Command.of(name, -1, call -> unsubscribe(call, kind), SUBSCRIBER, NO_SCRIPT);
    }

    private static Reply unsubscribe(Call call, Kind kind) {
        PubSub pubSub = call.engine().pubSub();
        if (call.count() == 1) {
            pubSub.unsubscribeAll(call.session(), kind);
        } else {
            call.wordsFrom(1).forEach(each -> pubSub.unsubscribe(call.session(), kind, each));
        }
        return Replies.NOTHING;
    }

    private static Command publish(String name, Kind kind) {
        return Command.of(
                name,
                3,
                call -> Replies.integer(call.engine().pubSub().publish(kind, call.word(1), call.word(2))),
                REPLICATED);
    }

    private static Reply channels(Call call, Kind kind) {
        if (call.count() > 3) {
            throw new Refusal("ERR unknown subcommand or wrong number of arguments for '"
                    + call.word(1).printed() + "'. Try PUBSUB HELP.");
        }
        return Replies.bulks(call.engine().pubSub().names(kind).stream()
                .filter(each -> call.count() == 2 || Glob.matches(call.word(2), each))
                .toList());
    }

    private static Reply counts(Call call, Kind kind) {
        List<Reply> counts = new ArrayList<>();
        for (Bytes each : call.wordsFrom(2)) {
            counts.add(Replies.bulk(each));
            counts.add(Replies.integer(call.engine().pubSub().count(kind, each)));
        }
        return Replies.array(counts);
    }

    private static Reply numpat(Call call) {
        return Replies.integer(call.engine().pubSub().names(Kind.PATTERN).size());
    }
}
