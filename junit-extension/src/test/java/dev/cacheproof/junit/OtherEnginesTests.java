package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests of other engines: Spock's, and those of JUnit 4. */
class OtherEnginesTests {

    /** Their projects may have no Jupiter at all. */
    @Test
    void haveTheirScopesWhereThereIsNoJupiter() {
        assertThat(FreshProcess.callWithout("junit-jupiter", Run.class)).containsExactly("Feature > saves a query");
    }

    public static final class Run implements Callable<List<String>> {
        @Override
        public List<String> call() {
            Engine engine = new Engine();
            LauncherConfig config = LauncherConfig.builder()
                    .enableTestEngineAutoRegistration(false)
                    .addTestEngines(engine)
                    .build();
            LauncherFactory.create(config)
                    .execute(LauncherDiscoveryRequestBuilder.request().build());
            return engine.scopes;
        }
    }

    static final class Feature {
        void savesAQuery() {}
    }

    /** Has one test, which notes in what scope it runs. */
    static final class Engine implements TestEngine {
        final List<String> scopes = new CopyOnWriteArrayList<>();

        @Override
        public String getId() {
            return "other";
        }

        @Override
        public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
            EngineDescriptor all = new EngineDescriptor(id, "other engine");
            MethodSource source = MethodSource.from(Feature.class.getName(), "savesAQuery");
            all.addChild(new AbstractTestDescriptor(id.append("feature", "1"), "saves a query", source) {
                @Override
                public Type getType() {
                    return Type.TEST;
                }
            });
            return all;
        }

        @Override
        public void execute(ExecutionRequest request) {
            EngineExecutionListener listener = request.getEngineExecutionListener();
            TestDescriptor all = request.getRootTestDescriptor();
            listener.executionStarted(all);
            for (TestDescriptor test : all.getChildren()) {
                listener.executionStarted(test);
                Scope.current().map(Scope::name).ifPresent(scopes::add);
                listener.executionFinished(test, TestExecutionResult.successful());
            }
            listener.executionFinished(all, TestExecutionResult.successful());
        }
    }
}
