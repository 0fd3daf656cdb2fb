package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.test.context.ContextCustomizer;

/** {@code cacheproof.mode = off} installs nothing. Alone, since the mode is one of the whole process here. */
@Isolated
class OffTests {

    private final WatchingCustomizerFactory factory = new WatchingCustomizerFactory();

    /** On a thread of its own, as a test has its settings from before. */
    private @Nullable ContextCustomizer customizer() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> factory.createContextCustomizer(OffTests.class, List.of()))
                    .get();
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void watchesNoContextAndSaysSo() throws Exception {
        assertThat(customizer()).isNotNull();
        String before = System.setProperty("cacheproof.mode", "off");
        try {
            assertThat(customizer()).isNull();
        } finally {
            if (before == null) {
                System.clearProperty("cacheproof.mode");
            } else {
                System.setProperty("cacheproof.mode", before);
            }
        }
        assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY))
                .contains("cacheproof.mode was off when a Spring context was started");
    }
}
