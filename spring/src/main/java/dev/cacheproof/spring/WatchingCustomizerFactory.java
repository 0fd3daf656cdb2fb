package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;

/** Lets every context that Spring starts for tests be watched. Found by Spring. */
final class WatchingCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
        Set<FakeDefinition> fakes = FakeDefinition.of(testClass);
        boolean isOff = Settings.current().mode() == Settings.Mode.OFF;
        if (isOff) {
            Recorder.notWatched(Operation.Kind.QUERY, NothingWatched.OFF);
        }
        // Tests need their fakes also where nothing is watched.
        return isOff && fakes.isEmpty() ? null : new WatchingCustomizer(fakes);
    }
}
