package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What several sorted sets have in common; sets may stand among them, and their members have the score 1. */
final class SortedSetAlgebra {

    private SortedSetAlgebra() {}

    /** What becomes of the members of several sets. */
    private enum Operation {
        INTERSECTION,
        UNION,
        DIFFERENCE
    }

    /** What becomes of the scores of a member of several sets. */
    private enum Aggregate {
        SUM,
        MIN,
        MAX;

        double of(double one, double other) {
            return switch (this) {
                // Infinity and its opposite make none.
                case SUM -> Double.isNaN(one + other) ? 0 : one + other;
                // Not as Java does it: what is no number, or 0 beside -0, is not taken.
                case MIN -> other < one ? other : one;
                case MAX -> other > one ? other : one;
            };
        }
    }

    static List<Command> all() {
        return List.of(
                found("zunion", Operation.UNION),
                found("zinter", Operation.INTERSECTION),
                found("zdiff", Operation.DIFFERENCE),
                stored("zunionstore", Operation.UNION),
                stored("zinterstore", Operation.INTERSECTION),
                stored("zdiffstore", Operation.DIFFERENCE),
                Command.of("zintercard", -3, SortedSetAlgebra::zintercard, READONLY)
                        .countedKeys(1));
    }

    private static Command found(String name, Operation operation) {
        return Command.of(name, -3, call -> show(call, operation), READONLY).countedKeys(1);
    }

    private static Command stored(String name, Operation operation) {
        return Command.of(
                        name,
                        -4,
                        call -> SortedSetRangeCommands.store(
                                call,
                                SortedSetValue.of(
                                        Query.of(call, 2, operation, true).result(operation))),
                        WRITE,
                        DENYOOM)
                .key()
                .countedKeys(2);
    }

    /** One of the sets. */
    private record Source(Map<Bytes, Double> scores, double weight) {

        static Source of(Call call, Bytes key) {
            Entry entry = call.read(key);
            Map<Bytes, Double> scores = new HashMap<>();
            if (entry != null && entry.value instanceof SetValue set) {
                set.members().forEach(member -> scores.put(member, 1.0));
            } else if (entry != null) {
                entry.as(SortedSetValue.class).members().forEach(each -> scores.put(each.member(), each.score()));
            }
            return new Source(scores, 1);
        }

        Source weighing(double weight) {
            return new Source(scores, weight);
        }

        double weighed(double score) {
            double weighed = score * weight;
            return Double.isNaN(weighed) ? 0 : weighed;
        }
    }

    /** What ZUNION and its kin are asked for. */
    private record Query(List<Source> sources, Aggregate aggregate, boolean withScores) {

        /** Reads one from the words behind the number of keys. */
        static Query of(Call call, int number, Operation operation, boolean isStored) {
            List<Source> sources = sources(call, number);
            Aggregate aggregate = Aggregate.SUM;
            boolean withScores = false;
            boolean mayWeigh = operation != Operation.DIFFERENCE;
            for (int i = number + 1 + sources.size(); i < call.count(); i++) {
                if (mayWeigh && call.is(i, "WEIGHTS") && i + sources.size() < call.count()) {
                    for (int j = 0; j < sources.size(); j++) {
                        double weight = SortedSetCommands.number(call.word(++i), "ERR weight value is not a float");
                        sources.set(j, sources.get(j).weighing(weight));
                    }
                } else if (mayWeigh && call.is(i, "AGGREGATE") && i + 1 < call.count()) {
                    aggregate = aggregate(call, ++i);
                } else if (!isStored && call.is(i, "WITHSCORES")) {
                    withScores = true;
                } else {
                    throw call.syntaxError();
                }
            }
            return new Query(sources, aggregate, withScores);
        }

        static List<Source> sources(Call call, int number) {
            long keys = call.integer(number);
            if (keys < 1) {
                throw new Refusal("ERR at least 1 input key is needed for '"
                        + call.command().name() + "' command");
            }
            if (keys > call.count() - number - 1) {
                throw call.syntaxError();
            }
            List<Source> sources = new ArrayList<>();
            call.words().subList(number + 1, number + 1 + (int) keys).forEach(key -> sources.add(Source.of(call, key)));
            return sources;
        }

        private static Aggregate aggregate(Call call, int index) {
            for (Aggregate each : Aggregate.values()) {
                if (call.is(index, each.name())) {
                    return each;
                }
            }
            throw call.syntaxError();
        }

        Map<Bytes, Double> result(Operation operation) {
            if (operation == Operation.DIFFERENCE) {
                Map<Bytes, Double> left = new HashMap<>(sources.get(0).scores());
                sources.subList(1, sources.size())
                        .forEach(each -> left.keySet().removeAll(each.scores().keySet()));
                return left;
            }
            // Numbers are added in the order in which redis-server does: it begins with the smallest set.
            List<Source> ordered = new ArrayList<>(sources);
            ordered.sort(Comparator.comparingInt(each -> each.scores().size()));
            return operation == Operation.UNION ? union(ordered) : intersection(ordered);
        }

        private Map<Bytes, Double> union(List<Source> ordered) {
            Map<Bytes, Double> union = new HashMap<>();
            for (Source each : ordered) {
                each.scores().forEach((member, score) -> union.merge(member, each.weighed(score), aggregate::of));
            }
            return union;
        }

        private Map<Bytes, Double> intersection(List<Source> ordered) {
            Map<Bytes, Double> common = new HashMap<>();
            ordered.get(0).scores().forEach((member, first) -> {
                double score = ordered.get(0).weighed(first);
                for (Source each : ordered.subList(1, ordered.size())) {
                    Double own = each.scores().get(member);
                    if (own == null) {
                        return;
                    }
                    score = aggregate.of(score, own * each.weight());
                }
                common.put(member, score);
            });
            return common;
        }
    }

    private static Reply show(Call call, Operation operation) {
        Query query = Query.of(call, 1, operation, false);
        List<Scored> members = new ArrayList<>();
        query.result(operation).forEach((member, score) -> members.add(new Scored(member, score)));
        Collections.sort(members);
        return query.withScores()
                ? new Reply.Couples(SortedSetCommands.scored(members))
                : Replies.bulks(members.stream().map(Scored::member).toList());
    }

    private static Reply zintercard(Call call) {
        List<Source> sources = Query.sources(call, 1);
        long limit = 0;
        for (int i = 2 + sources.size(); i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw call.syntaxError();
            }
            limit = call.natural(i + 1, "ERR LIMIT can't be negative");
        }
        int size = new Query(sources, Aggregate.SUM, false)
                .result(Operation.INTERSECTION)
                .size();
        return Replies.integer(limit == 0 ? size : Math.min(limit, size));
    }
}
