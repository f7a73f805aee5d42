package yolompi.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import yolompi.distributed.Communicator;

/**
 * Runs {@link RankTest} methods: one job per class and world size runs all methods, which share its
 * outcome.
 */
final class RankTestExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        WorldSizes sizes = test.getAnnotation(WorldSizes.class);
        if (sizes == null && !test.isAnnotationPresent(OneProcess.class)) {
            throw new IllegalStateException(test.getName() + ": expected @WorldSizes or @OneProcess");
        }
        return sizes == null
                ? Stream.of(new Run("this process", new InThisProcess()))
                : Arrays.stream(sizes.value())
                        .mapToObj(ranks -> new Run(ranks == 1 ? "1 rank" : ranks + " ranks", new OnRanks(ranks)));
    }

    private record Run(String name, Extension extension) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(extension);
        }
    }

    /** Supplies the parameter and intercepts the call of the method. */
    private abstract static class Interceptor implements InvocationInterceptor, ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getDeclaringExecutable() instanceof Method;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return null;
        }

        @Override
        public final void interceptTestTemplateMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            invocation.skip();
            run(method.getExecutable(), context);
        }

        abstract void run(Method method, ExtensionContext context) throws Throwable;
    }

    private static final class InThisProcess extends Interceptor {
        @Override
        void run(Method method, ExtensionContext context) throws Throwable {
            RankTestCase<?> test = (RankTestCase<?>) context.getRequiredTestInstance();
            try (PointerScope scope = new PointerScope();
                    Communicator alone = Communicator.alone();
                    AutoCloseable opened = test.open(alone)) {
                RankTestProgram.call(test, method, opened);
            }
        }
    }

    private static final class OnRanks extends Interceptor {
        private final int ranks;

        OnRanks(int ranks) {
            this.ranks = ranks;
        }

        @Override
        void run(Method method, ExtensionContext context) throws Throwable {
            RankOutcome outcome = job(context.getRequiredTestClass(), context).outcome();
            for (int rank = 0; rank < ranks; rank++) {
                assertThat(outcome.lines(rank))
                        .as("rank %d of %d: %s%n%s", rank, ranks, outcome.output(rank), outcome.launcherOutput())
                        .contains(RankTestProgram.passed(method.getName()));
            }
            assertThat(outcome.exitCode())
                    .as(outcome.launcherOutput() + outcome.outputs())
                    .isZero();
        }

        private Job job(Class<?> test, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(RankTestExtension.class, test))
                    .getOrComputeIfAbsent(ranks, size -> Job.of(test, size), Job.class);
        }
    }

    /**
     * The outcome of a job, or the problem that prevented it, so that no other method starts the
     * job again.
     */
    private record Job(Optional<RankOutcome> result, Optional<Throwable> problem) {
        static Job of(Class<?> test, int ranks) {
            RankLogs.keepForClass();
            try {
                return new Job(
                        Optional.of(RankLauncher.ofMain(RankTestProgram.class)
                                .ranks(ranks)
                                .within(RankTestProgram.TIME_LIMIT)
                                .run(test.getName())),
                        Optional.empty());
            } catch (RuntimeException | Error e) {
                return new Job(Optional.empty(), Optional.of(e));
            }
        }

        RankOutcome outcome() throws Throwable {
            if (problem.isPresent()) {
                throw problem.get();
            }
            return result.orElseThrow();
        }
    }
}
