package dev.cacheproof.spring;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Lets the clients be watched that Spring 7 makes of interfaces, in groups whose clients are no beans. Spring finds what joins
 * the groups as a bean, and asks it last, so that it finds the interceptors of the application there.
 */
final class HttpInterfaces {

    static final String REST_CLIENTS = "org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer";
    static final String WEB_CLIENTS =
            "org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer";

    private static final String CLIENT_CALLBACK =
            "org.springframework.web.service.registry.HttpServiceGroupConfigurer$ClientCallback";

    private HttpInterfaces() {}

    /**
     * Installs it where Spring knows such groups.
     *
     * @param configurer joins the groups of one kind of client
     * @param watching is shown the builder of each
     */
    static void install(ConfigurableListableBeanFactory beans, String configurer, BeanPostProcessor watching) {
        ClassLoader loader = HttpInterfaces.class.getClassLoader();
        if (ClassUtils.isPresent(configurer, loader)) {
            Class<?> type = ClassUtils.resolveClassName(configurer, loader);
            Class<?> callback = ByReflection.type(CLIENT_CALLBACK, type);
            Object eachClient = ByReflection.callback(
                    callback,
                    groupAndBuilder -> watching.postProcessAfterInitialization(groupAndBuilder[1], configurer));
            // A child's takes the place of its parent's, as it has the same name.
            beans.registerSingleton(
                    "dev.cacheproof.spring." + type.getSimpleName(),
                    ByReflection.callback(
                            type,
                            groups -> ByReflection.invoke(
                                    groups[0], "forEachClient", new Class<?>[] {callback}, eachClient)));
        }
    }
}
