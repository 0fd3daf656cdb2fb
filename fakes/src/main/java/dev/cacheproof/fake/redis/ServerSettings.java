package dev.cacheproof.fake.redis;

import java.util.Map;
import java.util.TreeMap;

/**
 * What CONFIG GET tells of a server that was just installed. Setting one has no effect but that it is told again;
 * only {@link KeyspaceEvents} and {@link Eviction} do what they are told.
 */
final class ServerSettings {

    private ServerSettings() {}

    static Map<String, String> defaults() {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("appendonly", "no"),
                Map.entry("databases", "16"),
                Map.entry("hz", "10"),
                Map.entry("lazyfree-lazy-eviction", "no"),
                Map.entry("maxclients", "10000"),
                Map.entry(Eviction.LIMIT_SETTING, "0"),
                Map.entry(EvictionPolicy.SETTING, "noeviction"),
                Map.entry(KeyspaceEvents.SETTING, ""),
                Map.entry("proto-max-bulk-len", "536870912"),
                Map.entry("save", ""),
                Map.entry("slowlog-log-slower-than", "10000"),
                Map.entry("timeout", "0")));
    }
}
