package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.async.StandardServletAsyncWebRequest;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;

class ScopeFilterTests {

    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final CompletableFuture<Optional<Scope>> seen = new CompletableFuture<>();

    @ParameterizedTest
    @EnumSource
    void putsEachDispatchIntoTheScope(DispatcherType type) throws Exception {
        request.setDispatcherType(type);
        request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, type == DispatcherType.ERROR ? "/shelves" : null);
        try (Scope scope = Scope.open("block")) {
            request.addHeader(TestScopeHeader.NAME, TestScopeHeader.value());
            Optional<Scope> after = serve((served, answer) -> seen.complete(Scope.current()));
            assertThat(seen.get(60, TimeUnit.SECONDS)).containsSame(scope);
            assertThat(after).isEmpty();
        }
    }

    @Test
    void aRequestThatFailsLeavesNothingBehind() throws Exception {
        try (Scope scope = Scope.open("block")) {
            request.addHeader(TestScopeHeader.NAME, TestScopeHeader.value());
            Optional<Scope> after = serve((served, answer) -> {
                seen.complete(Scope.current());
                throw new ServletException("no such shelf");
            });
            assertThat(seen.get(60, TimeUnit.SECONDS)).containsSame(scope);
            assertThat(after).isEmpty();
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    /** A header of a test that has ended, or of another run. */
    @Test
    void aHeaderThatNamesNothingIsNone() throws Exception {
        request.addHeader(TestScopeHeader.NAME, "none");
        serve((served, answer) -> seen.complete(Scope.current()));
        assertThat(seen.get(60, TimeUnit.SECONDS)).isEmpty();
    }

    /** Spring MVC has an executor of its own, which is no bean. */
    @Test
    void aCallableIsTheTestsOnWhateverExecutor() throws Exception {
        request.setAsyncSupported(true);
        try (Scope scope = Scope.open("block")) {
            request.addHeader(TestScopeHeader.NAME, TestScopeHeader.value());
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            serve((served, answer) -> {
                WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
                manager.setAsyncWebRequest(new StandardServletAsyncWebRequest(request, response));
                manager.setTaskExecutor(new SimpleAsyncTaskExecutor());
                start(manager, thread);
            });
            assertThat(seen.get(60, TimeUnit.SECONDS)).containsSame(scope);
            assertThat(thread.get(60, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        }
    }

    private void start(WebAsyncManager manager, CompletableFuture<Thread> thread) throws ServletException {
        try {
            manager.startCallableProcessing(() -> {
                thread.complete(Thread.currentThread());
                return seen.complete(Scope.current());
            });
        } catch (Exception broken) {
            throw new ServletException(broken);
        }
    }

    /** Serves the request on a thread of a server, and returns the scope that this thread is in afterwards. */
    private Optional<Scope> serve(FilterChain application) throws Exception {
        FutureTask<Optional<Scope>> served = new FutureTask<>(() -> {
            try {
                new ScopeFilter().doFilter(request, response, application);
            } catch (ServletException | IOException failed) {
                assertThat(failed).hasMessage("no such shelf");
            }
            return Scope.current();
        });
        new Thread(served).start();
        return served.get(60, TimeUnit.SECONDS);
    }
}
