package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.catalina.LifecycleException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who can force a miss on a real server, and how long it lasts. */
class ForcedMissFilterTests {

    private static final Duration TTL = Duration.ofMinutes(10);

    private final TieredCache<String> cache = new TieredCache<>(
            "outlines", new LocalRemoteCache(TestClock.create()), Serializer.ofText(), TierPolicy.usual());

    /** What the application does to know its user; here, it believes what it is told. */
    private final Filter authentication = (request, response, chain) -> {
        request.setAttribute("user", ((HttpServletRequest) request).getHeader("User"));
        chain.doFilter(request, response);
    };

    private final Filter forStaff = new ForcedMissFilter(request -> "staff".equals(request.getAttribute("user")));

    @TempDir
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    private Path directory;

    private @Nullable WebServer server;

    @AfterEach
    void stop() throws LifecycleException {
        if (server != null) {
            server.close();
            assertThat(server.leaks()).isEmpty();
        }
    }

    private WebServer start(Filter... filters) throws LifecycleException {
        WebServer started = WebServer.start(directory, filters);
        server = started;
        cache.setAllTiers("caching-101", "old", TTL);
        started.serve("/outline", (request, response) -> response.getWriter().write(fetch()));
        return started;
    }

    private String fetch() {
        return String.valueOf(cache.getOrLoad("caching-101", TTL, () -> "new"));
    }

    private static String get(WebServer server, String path, String user) throws Exception {
        return server.send(server.request(path).header("User", user).build()).get();
    }

    @ParameterizedTest
    @CsvSource({
        "staff, ?force_cache_miss=true, new",
        "staff, ?page=2&force_cache_miss=TRUE&size=3, new",
        "staff, ?force_cache_miss=false, old",
        "staff, ?do_not_force_cache_miss=true, old",
        "staff, ?page=2, old",
        "staff, '', old",
        "learner, ?force_cache_miss=true, old"
    })
    void whoAsksAndMayIsGivenWhatIsNew(String user, String query, String outline) throws Exception {
        WebServer started = start(new RequestScopeFilter(), authentication, forStaff);
        assertThat(get(started, "/outline" + query, user)).isEqualTo(outline);
    }

    @Test
    void aForcedMissEndsWithItsRequestAndItsValueIsForAll() throws Exception {
        WebServer started = start(new RequestScopeFilter(), authentication, forStaff);
        started.serve("/forced", (request, response) -> response.getWriter().write("" + RequestScope.isMissForced()));
        assertThat(get(started, "/forced?force_cache_miss=true", "staff")).isEqualTo("true");
        assertThat(get(started, "/forced", "staff")).isEqualTo("false");
        assertThat(get(started, "/outline?force_cache_miss=true", "staff")).isEqualTo("new");
        assertThat(get(started, "/outline", "learner")).isEqualTo("new");
    }

    @Test
    void itHoldsForAsynchronousWorkToo() throws Exception {
        WebServer started = start(new RequestScopeFilter(), authentication, forStaff);
        started.serve("/async", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.dispatch();
            } else {
                response.getWriter().write(fetch());
            }
        });
        assertThat(get(started, "/async?force_cache_miss=true", "staff")).isEqualTo("new");
    }

    @Test
    void nobodyMayUnlessTheApplicationSaysWho() throws Exception {
        WebServer started = start(new RequestScopeFilter(), authentication, new ForcedMissFilter());
        assertThat(get(started, "/outline?force_cache_miss=true", "staff")).isEqualTo("old");
    }

    @Test
    void beforeAuthenticationNobodyMay() throws Exception {
        WebServer started = start(new RequestScopeFilter(), forStaff, authentication);
        assertThat(get(started, "/outline?force_cache_miss=true", "staff")).isEqualTo("old");
    }

    @Test
    void withoutARequestScopeItSaysWhatIsMissing() throws Exception {
        WebServer started = start(authentication, forStaff, new RequestScopeFilter());
        assertThat(get(started, "/outline", "learner"))
                .isEqualTo("ForcedMissFilter found no request scope. Map RequestScopeFilter before it, to the same"
                        + " dispatches.");
    }

    @Test
    void aFormIsLeftToTheServlet() throws Exception {
        WebServer started = start(new RequestScopeFilter(), authentication, forStaff);
        started.serve(
                "/form",
                (request, response) -> response.getWriter()
                        .write(fetch() + " "
                                + new String(request.getInputStream().readAllBytes(), UTF_8)));
        HttpRequest form = started.request("/form?page=2")
                .header("User", "staff")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("force_cache_miss=true"))
                .build();
        assertThat(started.send(form).get()).isEqualTo("old force_cache_miss=true");
    }
}
