package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.cacheproof.spring.reading.Desk;
import dev.cacheproof.spring.reading.ReadingRoom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.DefaultMockMvcBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.WebApplicationContext;

/** Run by {@link ParallelTests}. */
@SpringBootTest(classes = ReadingRoom.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestClients.class)
class ParallelReadingTestCase {

    /**
     * The first two tests are in their blocks at the same time. Not each two: where many wait, JUnit runs a test on the
     * thread that is to start the next one, which it would wait for.
     */
    private static final CountDownLatch MEETING = new CountDownLatch(2);

    @Autowired
    RestClient client;

    @Autowired
    Desk desk;

    @Autowired
    WebApplicationContext context;

    @Value("${local.server.port}")
    int port;

    static IntStream counts() {
        return IntStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void overHttp(int queries) {
        String answer = assertNumQueries(queries, () -> {
            meet();
            return client.get()
                    .uri("http://localhost:{port}/direct/{queries}", port, queries)
                    .retrieve()
                    .body(String.class);
        });
        assertThat(answer).isEqualTo("browsed " + queries);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void overMockMvc(int queries) {
        DefaultMockMvcBuilder builder = MockMvcBuilders.webAppContextSetup(context);
        MockMvc mvc = builder.addFilters(context.getBean(ScopeFilter.class)).build();
        String answer = assertNumQueries(queries, () -> {
            meet();
            if (queries % 2 == 0) {
                return body(mvc.perform(get("/direct/{queries}", queries)).andReturn());
            }
            MvcResult started = mvc.perform(get("/callable/{queries}", queries)).andReturn();
            return body(mvc.perform(asyncDispatch(started)).andReturn());
        });
        assertThat(answer).isEqualTo("browsed " + queries);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void byAsync(int queries) {
        String answer = assertNumQueries(queries, () -> {
            meet();
            return desk.browseLater(queries).get(60, TimeUnit.SECONDS);
        });
        assertThat(answer).isEqualTo("browsed " + queries);
    }

    private static void meet() throws InterruptedException {
        MEETING.countDown();
        assertThat(MEETING.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static String body(MvcResult result) throws Exception {
        return result.getResponse().getContentAsString();
    }
}
