package dev.cacheproof.samples.tiered;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What tiered caches log about the cache of one name; others log at the same time. */
final class LogLines extends Handler {

    private static final Logger LOGGER = Logger.getLogger(TieredCache.class.getName());

    private final String name;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(String name) {
        this.name = name;
    }

    /** Begins to collect the lines that name a cache, until this is closed. */
    static LogLines of(String name) {
        LogLines lines = new LogLines(name);
        LOGGER.addHandler(lines);
        return lines;
    }

    /** Returns what was logged, with "outlines" for the name of the cache. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getMessage().contains(name)) {
            lines.add(line.getLevel() + " " + line.getMessage().replace(name, "outlines"));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
