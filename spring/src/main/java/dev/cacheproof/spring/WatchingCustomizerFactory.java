package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;

/** Lets every context that Spring starts for tests be watched. Found by Spring. */
final class WatchingCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
        if (Settings.current().mode() == Settings.Mode.OFF) {
            Recorder.notWatched(Operation.Kind.QUERY, NothingWatched.OFF);
            return null;
        }
        return new WatchingCustomizer(FakeDefinition.of(testClass));
    }
}
