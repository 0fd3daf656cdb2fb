package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.LifecycleException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request cache sees of requests to a real server, whose only thread serves one after another. */
class RequestScopeFilterTests {

    private final RequestCache<String> notes = RequestCache.named("notes");
    private final ExecutorService pool = Executors.newFixedThreadPool(1);

    /** The scope of the last request that has noted something. */
    private volatile @Nullable RequestScope noted;

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private WebServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws LifecycleException {
        server = WebServer.start(directory, new RequestScopeFilter());
        server.serve("/look", (request, response) -> response.getWriter().write(look()));
        server.serve("/note", (request, response) -> {
            String before = look();
            note();
            response.getWriter().write(before + ", then " + look());
        });
    }

    @AfterEach
    void stop() throws LifecycleException {
        pool.shutdownNow();
        server.close();
        assertThat(server.leaks()).as("dispatches that leaked a scope").isEmpty();
    }

    private void note() {
        notes.set("note", "it");
        noted = RequestScope.current();
    }

    private String look() {
        return notes.get("note").isFound() ? "found" : "missed";
    }

    private void assertEnds(RequestScope scope) throws InterruptedException {
        // The answer is sent before the server says that the request is complete.
        Deadline.after(Duration.ofSeconds(30))
                .await(() -> isOver(scope), () -> "the scope of the request to be closed");
    }

    private boolean isOver(RequestScope scope) {
        try {
            return scope.wrap((Callable<Boolean>) () -> RequestScope.current() == null)
                    .call();
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void whatARequestNotesEndsWithIt() throws Exception {
        assertThat(server.get("/note")).isEqualTo("missed, then found");
        assertThat(server.get("/note")).isEqualTo("missed, then found");
        assertEnds(Objects.requireNonNull(noted));
    }

    @Test
    void aScopeThatTheApplicationForgetsIsNotTheNextRequests() throws Exception {
        server.serve("/forget", (request, response) -> {
            RequestScope.open();
            note();
        });
        server.get("/forget");
        assertThat(server.get("/look")).isEqualTo("missed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/throws", "/refuses"})
    void anErrorPageIsServedInAScopeOfItsOwn(String path) throws Exception {
        server.serve("/throws", (request, response) -> {
            note();
            throw new IllegalStateException("broken");
        });
        server.serve("/refuses", (request, response) -> {
            note();
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        });
        server.serveErrorsAt("/note");
        assertThat(server.get(path)).isEqualTo("missed, then found");
        assertEnds(Objects.requireNonNull(noted));
    }

    @Test
    void aForwardIsPartOfTheRequest() throws Exception {
        server.serve("/forward", (request, response) -> {
            note();
            try (RequestScope inner = RequestScope.open()) {
                request.getRequestDispatcher("/note").forward(request, response);
            }
        });
        assertThat(server.get("/forward")).isEqualTo("missed, then found");
    }

    @Test
    void aSecondDispatchGoesOnInTheSameScope() throws Exception {
        server.serve("/async", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                note();
                AsyncContext async = request.startAsync();
                pool.execute(async::dispatch);
            } else {
                response.getWriter().write(request.getDispatcherType() + " " + look());
            }
        });
        assertThat(server.get("/async")).isEqualTo("ASYNC found");
        assertEnds(Objects.requireNonNull(noted));
        assertThat(server.get("/look")).isEqualTo("missed");
    }

    @Test
    void asynchronousWorkThatStartsMoreOfItIsOneRequest() throws Exception {
        server.serve("/async", (request, response) -> {
            Integer round = Objects.requireNonNullElse((Integer) request.getAttribute("round"), 1);
            request.setAttribute("round", round + 1);
            if (round == 1) {
                note();
            }
            response.getWriter().write(round + " " + look() + "\n");
            if (round < 3) {
                AsyncContext async = request.startAsync();
                pool.execute(async::dispatch);
            }
        });
        assertThat(server.get("/async")).isEqualTo("1 found\n2 found\n3 found\n");
        assertEnds(Objects.requireNonNull(noted));
    }

    @Test
    void whileARequestWaitsItsThreadServesOthers() throws Exception {
        CountDownLatch suspended = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.serve("/async", (request, response) -> {
            note();
            AsyncContext async = request.startAsync();
            // Who submits from a request is known now; who completes it later has no request of its own.
            RequestScope.propagating(pool).execute(() -> complete(async, suspended, goOn));
        });
        CompletableFuture<String> waiting = server.send(server.request("/async").build());
        assertThat(suspended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.get("/look")).isEqualTo("missed");
        goOn.countDown();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("found");
        assertEnds(Objects.requireNonNull(noted));
        assertThat(pool.submit(this::look).get(30, TimeUnit.SECONDS))
                .as("the thread of the pool, afterwards")
                .isEqualTo("missed");
    }

    private void complete(AsyncContext async, CountDownLatch suspended, CountDownLatch goOn) {
        try {
            suspended.countDown();
            goOn.await(30, TimeUnit.SECONDS);
            async.getResponse().getWriter().write(look());
            async.complete();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void asynchronousWorkThatFailsOrIsLateEndsItsScopeAfterTheErrorPage(boolean fails) throws Exception {
        server.serve("/async", (request, response) -> {
            note();
            AsyncContext async = request.startAsync();
            if (fails) {
                throw new IllegalStateException("broken");
            }
            async.setTimeout(1);
        });
        server.serve("/error", this::writeError);
        server.serveErrorsAt("/error");
        assertThat(server.get("/async")).isEqualTo("ERROR found");
        assertEnds(Objects.requireNonNull(noted));
        assertThat(server.get("/look")).isEqualTo("missed");
    }

    private void writeError(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.getWriter().write(request.getDispatcherType() + " " + look());
    }
}
