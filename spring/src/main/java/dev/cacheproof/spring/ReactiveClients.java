package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.Scope;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Does for {@code WebClient} and {@code WebTestClient} what {@link HttpClients} does for the others. */
final class ReactiveClients implements BeanPostProcessor {

    private static final String WEB_CLIENT = "org.springframework.web.reactive.function.client.DefaultWebClient";

    /** Where {@code WebClient} says what it was given. */
    private static final String TEMPLATE = WebClient.class.getName() + ".uriTemplate";

    private final HttpLoads loads;

    ReactiveClients(HttpLoads loads) {
        this.loads = loads;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof WebClient.Builder builder) {
            builder.filters(this::count);
        } else if (bean.getClass().getName().equals(WEB_CLIENT)) {
            return ((WebClient) bean).mutate().filters(this::count).build();
        } else if (bean instanceof WebTestClient client) {
            return client.mutate()
                    .filter((request, next) -> next.exchange(sayingWhichTest(request)))
                    .build();
        }
        return bean;
    }

    private void count(List<ExchangeFilterFunction> filters) {
        if (filters.stream().noneMatch(CountedExchange.class::isInstance)) {
            filters.add(new CountedExchange(loads));
            loads.watched();
        }
    }

    private static ClientRequest sayingWhichTest(ClientRequest request) {
        return TestScopeHeader.isFor(request.url())
                ? ClientRequest.from(request)
                        .headers(headers -> headers.set(TestScopeHeader.NAME, TestScopeHeader.value()))
                        .build()
                : request;
    }

    /** Called by the thread that subscribes; the answer comes on any, and what tries again after it does so there. */
    private record CountedExchange(HttpLoads loads) implements ExchangeFilterFunction {

        @Override
        public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
            ClientRequest said = sayingWhichTest(request);
            if (loads.isOurServer(request.url())) {
                return next.exchange(said);
            }
            List<Scope> caller = Scope.current().map(List::of).orElse(List.of());
            Recorder recorder = loads.recorder(request.url());
            Object template = request.attributes().get(TEMPLATE);
            Operation.Request load =
                    HttpLoads.request(recorder, request.method().name(), request.url(), template);
            return Mono.defer(() -> count(
                    next.exchange(said),
                    recorder.receive(load, caller, Thread.currentThread().getName())));
        }

        private static Mono<ClientResponse> count(Mono<ClientResponse> answer, Recording recording) {
            return answer.doOnNext(response -> recording.end(
                            HttpLoads.outcome(response.statusCode().value())))
                    .doOnError(thrown -> recording.end(Operation.Outcome.failed(thrown)))
                    .doOnCancel(() -> recording.end(HttpLoads.GIVEN_UP));
        }
    }
}
