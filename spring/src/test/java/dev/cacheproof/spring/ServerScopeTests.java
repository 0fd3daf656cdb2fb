package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Gate;
import dev.cacheproof.Scope;
import dev.cacheproof.spring.reading.ReadingRoom;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.TaskDecorator;
import org.springframework.web.client.RestClient;

@SpringBootTest(classes = ReadingRoom.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestClients.class)
@Isolated("its requests without the header are seen by every test")
class ServerScopeTests {

    @Autowired
    ApplicationContext context;

    @Autowired
    ObjectProvider<TaskDecorator> decorators;

    @Autowired
    ObjectProvider<Filter> filters;

    @Value("${local.server.port}")
    int port;

    @TestFactory
    List<DynamicTest> whatTheServerAsksForIsTheTestsThatCalled() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        TestClients.all(context)
                .forEach((name, client) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    String answer = assertNumQueries(3, () -> client.get(address("direct", 3)));
                    assertThat(answer).isEqualTo("browsed 3");
                })));
        return tests;
    }

    /** What counts of a call to the server under test is the work that it does there. */
    @TestFactory
    List<DynamicTest> aCallOfTheServerUnderTestIsNoLoad() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        TestClients.all(context)
                .forEach((name, client) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    try (Scope scope = Scope.open("call")) {
                        client.get(address("direct", 0));
                        assertThat(scope.journal().loads().count()).isZero();
                    }
                })));
        return tests;
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "callable", "deferred", "stream", "answered"})
    void soIsWhatItLeavesToOtherThreads(String how) {
        RestClient client = context.getBean(RestClient.class);
        for (int queries : new int[] {0, 4, 1}) {
            String answer = assertNumQueries(
                    queries,
                    () -> client.get().uri(address(how, queries)).retrieve().body(String.class));
            assertThat(answer).isEqualTo("browsed " + queries);
        }
    }

    /** What a request asks for when its answer is on the way is counted, too. */
    @Test
    void aTestWaitsForARequestThatHasItsAnswer() throws Exception {
        RestClient client = context.getBean(RestClient.class);
        CountDownLatch answered = new CountDownLatch(1);
        try (Scope scope = Scope.open("block")) {
            scope.gate(query -> {
                await(answered);
                return Gate.Verdict.proceed();
            });
            client.get().uri(address("answered", 2)).retrieve().toBodilessEntity();
            Thread.currentThread().interrupt(); // so that it does not wait for the end here
            assertThat(scope.unfinished()).hasSize(1);
            assertThat(Thread.interrupted()).isTrue();

            answered.countDown();
            assertThat(scope.unfinished()).isEmpty();
            assertThat(scope.journal().sql().count()).isEqualTo(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** A server's threads serve whoever calls next. */
    @Test
    void aThreadOfTheServerForgetsTheScope() throws Exception {
        RestClient client = context.getBean(RestClient.class);
        for (int i = 0; i < 20; i++) {
            client.get().uri(address("direct", 0)).retrieve().toBodilessEntity();
        }
        try (Scope scope = Scope.open("block")) {
            getWithoutHeader("direct", 2);
            assertThat(scope.journal().sql().count()).isZero();
            assertThat(scope.journal().sql().unattributedCount()).isEqualTo(2);
        }
    }

    @Test
    void aRequestWithoutTheHeaderMayBeAnybodys() {
        assertThatThrownBy(() -> assertNumQueries(1, () -> getWithoutHeader("direct", 1)))
                .hasMessageMatching("""
                        (?s)Expected 1 query, but 0 to 1 ran in the block at \\(ServerScopeTests.java:\\d+\\)

                          watched       .*
                          unattributed  1 on thread "http-nio-auto-\\d+-exec-\\d+": select title from book where id = \\?.*

                          What to do: it serves an HTTP request that does not say which test it belongs to. If it is this test's, send the
                            header with it: .header\\(TestScopeHeader.NAME, TestScopeHeader.value\\(\\)\\). Clients that Spring makes do.""");
    }

    /** An application that decorates its tasks, or filters requests, if it is told to, must not be told to by us. */
    @Test
    void theApplicationIsGivenNothingOfOurs() {
        assertThat(decorators.getIfAvailable()).isNull();
        assertThat(filters.stream().map(filter -> filter.getClass().getName()))
                .noneMatch(name -> name.startsWith("dev.cacheproof"));
    }

    private String getWithoutHeader(String how, int queries) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address(how, queries)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private URI address(String how, int queries) {
        return URI.create("http://localhost:" + port + "/" + how + "/" + queries);
    }
}
