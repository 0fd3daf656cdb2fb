package dev.cacheproof.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** Lets the HTTP clients of a context be watched, as far as there are any. */
final class HttpCalls {

    private HttpCalls() {}

    static void install(ConfigurableApplicationContext context) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        if (isPresent("org.springframework.web.client.RestTemplate")) {
            beans.addBeanPostProcessor(new HttpClients(context.getEnvironment()));
        }
        if (isPresent("org.springframework.web.reactive.function.client.WebClient")) {
            beans.addBeanPostProcessor(new ReactiveClients(context.getEnvironment()));
        }
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, HttpCalls.class.getClassLoader());
    }
}
