package dev.cacheproof.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.client.ClientHttpRequestInitializer;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.util.ReflectionUtils;
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
            ClientHttpRequestInterceptor[] added = {counted};
            loads.watched();
            return call(bean, "additionalInterceptors", new Class<?>[] {added.getClass()}, (Object) added);
        } else if (TEST_REST_TEMPLATES.contains(type)) {
            sendHeader((RestTemplate) call(bean, "getRestTemplate"));
        } else if (type.equals(REST_TEST_CLIENT)) {
            Class<?>[] types = {ClientHttpRequestInterceptor.class};
            return call(call(call(bean, "mutate"), "requestInterceptor", types, HEADER_ON_THE_WAY), "build");
        }
        return bean;
    }

    /** Last, and so next to the wire. A client whose builder was a bean has it already. */
    private void count(List<ClientHttpRequestInterceptor> interceptors) {
        if (interceptors.stream().noneMatch(CountedCall.class::isInstance)) {
            interceptors.add(counted);
            loads.watched();
        }
    }

    /** What a test calls is not a load of the application's, although its client is made by the application's builder. */
    private static void sendHeader(RestTemplate template) {
        template.getInterceptors().removeIf(CountedCall.class::isInstance);
        template.getClientHttpRequestInitializers().add(HEADER);
    }

    private static Object call(Object target, String name) {
        return call(target, name, new Class<?>[0]);
    }

    private static Object call(Object target, String name, Class<?>[] types, Object... arguments) {
        Method method = Objects.requireNonNull(ReflectionUtils.findMethod(target.getClass(), name, types), name);
        ReflectionUtils.makeAccessible(method);
        return Objects.requireNonNull(ReflectionUtils.invokeMethod(method, target, arguments), name);
    }
}
