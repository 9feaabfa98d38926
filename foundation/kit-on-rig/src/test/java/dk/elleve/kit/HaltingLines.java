package dk.elleve.kit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/// Part of a process that ends without warning at the one line it is told: each statement is a line
/// before it runs, and each commit before and after. Nothing runs after that line: no finally, no
/// shutdown hook.
public final class HaltingLines {

    public static final int HALTED = 77;

    private static volatile String armed = "";
    private static final ThreadLocal<String> LAST = ThreadLocal.withInitial(() -> "");

    private HaltingLines() {}

    /// The first line from now on that begins like this is the last.
    public static void arm(String line) {
        armed = line;
    }

    public static void line(String name) {
        if (!armed.isEmpty() && name.startsWith(armed)) {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    @Bean
    static BeanPostProcessor lines() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return switch (bean) {
                    case JdbcClient jdbc -> wrapped(JdbcClient.class, jdbc);
                    case PlatformTransactionManager manager -> wrapped(PlatformTransactionManager.class, manager);
                    default -> bean;
                };
            }
        };
    }

    private static Object wrapped(Class<?> seam, Object real) {
        return Proxy.newProxyInstance(seam.getClassLoader(), new Class<?>[] {seam}, (proxy, method, given) -> {
            var commits = method.getName().equals("commit");
            if (method.getName().equals("sql")) {
                LAST.set(String.valueOf(given[0]).strip());
                line("before " + LAST.get());
            } else if (commits) {
                line("before commit of " + LAST.get());
            }
            try {
                var result = method.invoke(real, given);
                if (commits) {
                    line("after commit of " + LAST.get());
                }
                return result;
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        });
    }
}
