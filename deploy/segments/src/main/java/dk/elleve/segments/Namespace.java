package dk.elleve.segments;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A network namespace of this machine, named by its handle: `/proc/PID/ns/net` or
/// `/run/netns/NAME`.
///
/// `setns(2)` moves one thread, and a socket belongs to the namespace of the thread that opened it:
/// one process can stand in many places at once. Needs CAP_SYS_ADMIN and CAP_NET_ADMIN, which root
/// has.
record Namespace(Path handle) {

    private static final int READ_ONLY = 0;
    private static final int NETWORK = 0x40000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS =
            function("setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    /// Calling the C library is a restricted method; the jar's manifest enables it.
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, all);
    }

    /// Runs the work in a thread of its own that stands in this namespace and ends with the work.
    ///
    /// @throws Refusal if the namespace cannot be entered, or what the work throws
    <T> T inside(Callable<T> work) {
        var task = new FutureTask<T>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().name("in " + handle).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new Refusal("In " + handle + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while working in " + handle + ".", e);
        }
    }

    private void enter() throws Exception {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            var handleName = arena.allocateFrom(handle.toString());
            int file = call(state, () -> (int) OPEN.invokeExact(state, handleName, READ_ONLY));
            try {
                call(state, () -> (int) SETNS.invokeExact(state, file, NETWORK));
            } finally {
                call(state, () -> (int) CLOSE.invokeExact(state, file));
            }
        }
    }

    private int call(MemorySegment state, Call call) throws Exception {
        int answer;
        try {
            answer = call.invoke();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (answer < 0) {
            var errno =
                    state.get(ValueLayout.JAVA_INT, STATE.byteOffset(StructLayout.PathElement.groupElement("errno")));
            throw new Refusal("The network namespace " + handle + " cannot be entered (errno " + errno
                    + "); it must exist, and entering needs root.");
        }
        return answer;
    }

    private interface Call {
        int invoke() throws Throwable;
    }
}
