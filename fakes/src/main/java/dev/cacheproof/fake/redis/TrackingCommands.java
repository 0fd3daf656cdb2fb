package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.CachingClient.Option;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The CLIENT commands of those who keep what they read, and want to be told of changes. */
final class TrackingCommands {

    private static final String MUST_NOT_OVERLAP = "'. Prefixes for a single client must not overlap.";
    private static final String ANEW =
            " mode before disabling tracking for this client, and then re-enabling it with a different mode.";

    private TrackingCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("client|tracking", -3, TrackingCommands::tracking),
                Command.of("client|caching", 3, TrackingCommands::caching),
                Command.of("client|trackinginfo", 2, TrackingCommands::trackinginfo),
                Command.of("client|getredir", 2, call -> Replies.integer(redirection(client(call)))));
    }

    private static @Nullable CachingClient client(Call call) {
        return call.engine().tracking().find(call.session());
    }

    static long redirection(@Nullable CachingClient client) {
        return client == null ? -1 : client.redirection;
    }

    /** What CLIENT TRACKING is asked for. */
    private record Request(Set<Option> options, long redirection, List<Bytes> prefixes) {

        static Request of(Call call) {
            Set<Option> options = EnumSet.noneOf(Option.class);
            long redirection = 0;
            List<Bytes> prefixes = new ArrayList<>();
            for (int i = 3; i < call.count(); i++) {
                Option option = option(call, i);
                boolean hasMore = i + 1 < call.count();
                if (option != null) {
                    options.add(option);
                } else if (call.is(i, "REDIRECT") && hasMore) {
                    redirection = redirection(call, ++i, redirection);
                } else if (call.is(i, "PREFIX") && hasMore) {
                    prefixes.add(call.word(++i));
                } else {
                    throw call.syntaxError();
                }
            }
            return new Request(options, redirection, prefixes);
        }

        private static @Nullable Option option(Call call, int index) {
            for (Option each : Option.values()) {
                if (call.is(index, each.name())) {
                    return each;
                }
            }
            return null;
        }

        private static long redirection(Call call, int index, long before) {
            if (before != 0) {
                throw new Refusal("ERR A client can only redirect to a single other client");
            }
            long id = call.integer(index);
            if (!call.engine().tracking().exists(id)) {
                throw new Refusal("ERR The client ID you want redirect to does not exist");
            }
            return id;
        }

        void requireSense(@Nullable CachingClient present) {
            boolean broadcasts = options.contains(Option.BCAST);
            if (!broadcasts && !prefixes.isEmpty()) {
                throw new Refusal("ERR PREFIX option requires BCAST mode to be enabled");
            }
            if (present != null && present.is(Option.BCAST) != broadcasts) {
                throw new Refusal("ERR You can't switch BCAST mode on/off" + ANEW.substring(" mode".length()));
            }
            boolean in = options.contains(Option.OPTIN);
            boolean out = options.contains(Option.OPTOUT);
            if (broadcasts && (in || out)) {
                throw new Refusal("ERR OPTIN and OPTOUT are not compatible with BCAST");
            }
            if (in && out) {
                throw new Refusal("ERR You can't specify both OPTIN mode and OPTOUT mode");
            }
            if (present != null && ((in && present.is(Option.OPTOUT)) || (out && present.is(Option.OPTIN)))) {
                throw new Refusal("ERR You can't switch OPTIN/OPTOUT" + ANEW);
            }
            if (broadcasts) {
                requireApart(present == null ? List.of() : present.prefixes);
            }
        }

        private void requireApart(Collection<Bytes> present) {
            for (int i = 0; i < prefixes.size(); i++) {
                for (Bytes each : present) {
                    requireApart(prefixes.get(i), each, "an existing");
                }
                for (Bytes each : prefixes.subList(i + 1, prefixes.size())) {
                    requireApart(prefixes.get(i), each, "another provided");
                }
            }
        }

        private static void requireApart(Bytes one, Bytes other, String which) {
            if (one.startsWith(other) || other.startsWith(one)) {
                throw new Refusal("ERR Prefix '" + one.printed() + "' overlaps with " + which + " prefix '"
                        + other.printed() + MUST_NOT_OVERLAP);
            }
        }
    }

    private static Reply tracking(Call call) {
        Request request = Request.of(call);
        if (call.is(2, "ON")) {
            request.requireSense(client(call));
            call.engine()
                    .tracking()
                    .enable(call.session(), request.options(), request.redirection(), request.prefixes());
        } else if (call.is(2, "OFF")) {
            call.engine().tracking().disable(call.session());
        } else {
            throw call.syntaxError();
        }
        return Replies.OK;
    }

    private static Reply caching(Call call) {
        CachingClient client = client(call);
        if (client == null) {
            throw new Refusal("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
                    + " OPTOUT mode enabled");
        }
        boolean yes = call.is(2, "YES");
        if (!yes && !call.is(2, "NO")) {
            throw call.syntaxError();
        }
        if (!client.is(yes ? Option.OPTIN : Option.OPTOUT)) {
            throw new Refusal("ERR CLIENT CACHING " + (yes ? "YES" : "NO")
                    + " is only valid when tracking is enabled in " + (yes ? "OPTIN" : "OPTOUT") + " mode.");
        }
        client.isCachingGiven = true;
        return Replies.OK;
    }

    private static Reply trackinginfo(Call call) {
        CachingClient client = client(call);
        List<String> words = client == null ? List.of("off") : client.words();
        return Replies.pairs(
                Replies.bulk("flags"),
                new Reply.Members(
                        new Reply.Array(words.stream().map(Replies::bulk).toList())),
                Replies.bulk("redirect"),
                Replies.integer(redirection(client)),
                Replies.bulk("prefixes"),
                Replies.bulks(client == null ? List.of() : client.prefixes));
    }
}
