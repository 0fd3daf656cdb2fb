package dev.cacheproof.spring;

import static dev.cacheproof.spring.ByReflection.call;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.client.ClientHttpRequestInitializer;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * Lets the HTTP clients among the beans say which test calls, and counts what the application calls. Those that are not in
 * each Spring, or in another package of each, are reached by reflection.
 *
 * <p>Each gets an interceptor. A request factory around the application's would be lost where a test puts another in its
 * place, as {@code MockRestServiceServer} does; and an observation sees neither that an interceptor answers by itself nor
 * that it tries again. What Spring does where there is an interceptor is what an application sees of this: {@code
 * RestTemplate.getRequestFactory()} returns an {@code InterceptingClientHttpRequestFactory}, whose {@code getDelegate()} is
 * the application's; and the body of a request is held in memory before it is sent. The body of an answer is not.
 */
final class HttpClients implements BeanPostProcessor {

    private static final String REST_CLIENT = "org.springframework.web.client.DefaultRestClient";
    private static final String REST_TEST_CLIENT = "org.springframework.test.web.servlet.client.DefaultRestTestClient";
    private static final Set<String> REST_TEMPLATE_BUILDERS = Set.of(
            "org.springframework.boot.web.client.RestTemplateBuilder",
            "org.springframework.boot.restclient.RestTemplateBuilder");
    private static final Set<String> TEST_REST_TEMPLATES = Set.of(
            "org.springframework.boot.test.web.client.TestRestTemplate",
            "org.springframework.boot.resttestclient.TestRestTemplate");

    /** A test's own client sends the header alone: with an interceptor, its bodies would be held in memory. */
    private static final ClientHttpRequestInitializer HEADER = CountedCall::sayWhichTest;

    /** {@code RestTestClient} knows no initializers. */
    private static final ClientHttpRequestInterceptor HEADER_ON_THE_WAY = (request, body, execution) -> {
        CountedCall.sayWhichTest(request);
        return execution.execute(request, body);
    };

    private final HttpLoads loads;
    private final CountedCall counted;

    HttpClients(HttpLoads loads) {
        this.loads = loads;
        this.counted = new CountedCall(loads);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        String type = bean.getClass().getName();
        if (bean instanceof RestTemplate template) {
            count(template.getInterceptors());
        } else if (bean instanceof RestClient.Builder builder) {
            builder.requestInterceptors(this::count);
        } else if (type.equals(REST_CLIENT)) {
            return ((RestClient) bean).mutate().requestInterceptors(this::count).build();
        } else if (REST_TEMPLATE_BUILDERS.contains(type)) {
            return withCustomizer(bean);
        } else if (TEST_REST_TEMPLATES.contains(type)) {
            sendHeader((RestTemplate) call(bean, "getRestTemplate"));
        } else if (type.equals(REST_TEST_CLIENT)) {
            Class<?>[] types = {ClientHttpRequestInterceptor.class};
            return call(call(call(bean, "mutate"), "requestInterceptor", types, HEADER_ON_THE_WAY), "build");
        }
        return bean;
    }

    /** Who asks for the builder need not make a client of the application's: a test's own is made by it, too. */
    private Object withCustomizer(Object builder) {
        Class<?> type =
                ByReflection.type(builder.getClass().getPackageName() + ".RestTemplateCustomizer", builder.getClass());
        Object customizer = ByReflection.callback(type, given -> customize((RestTemplate) given[0]));
        return call(builder, "additionalCustomizers", new Class<?>[] {Collection.class}, List.of(customizer));
    }

    private void customize(RestTemplate template) {
        if (isMadeForTest()) {
            sendHeader(template);
        } else {
            count(template.getInterceptors());
        }
    }

    /** Nothing else tells: {@code TestRestTemplate}, as it is made, asks its builder for a template as an application does. */
    private static boolean isMadeForTest() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame ->
                        frame.getMethodName().equals("<init>") && TEST_REST_TEMPLATES.contains(frame.getClassName())));
    }

    /** Last, and so next to the wire. A client whose builder was a bean has it already. */
    private void count(List<ClientHttpRequestInterceptor> interceptors) {
        if (interceptors.stream().noneMatch(CountedCall.class::isInstance)) {
            interceptors.add(counted);
            loads.watched();
        }
    }

    /** What a test calls is not a load of the application's. One that is a bean, and of the builder, has it already. */
    private static void sendHeader(RestTemplate template) {
        if (!template.getClientHttpRequestInitializers().contains(HEADER)) {
            template.getClientHttpRequestInitializers().add(HEADER);
        }
    }
}
