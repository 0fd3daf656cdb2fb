package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

/**
 * Runs each task in the scope of the thread that submits it.
 *
 * @param application what the application decorates its tasks with; it does so in the scope, too
 */
record ScopeDecorator(@Nullable TaskDecorator application) implements TaskDecorator {

    @Override
    public Runnable decorate(Runnable task) {
        return Scope.propagatingTask(application == null ? task : application.decorate(task));
    }
}
